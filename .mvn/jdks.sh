# Finds the JDKs of this machine. To be sourced by bash.

# Where a JDK may be, the preferred one first, one per line.
jdk_places() {
    local name javac
    echo "${JAVA_HOME:-}"
    if javac=$(command -v javac); then dirname "$(dirname "$(readlink -f "$javac")")"; fi
    for name in $(compgen -e JAVA_HOME_ || true); do
        echo "${!name}"
    done
    printf '%s\n' /usr/lib/jvm/* /usr/java/* /usr/local/openjdk* /opt/java/* /opt/jdk* /opt/*jdk* "$HOME"/.jdks/* \
        "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home
}

# Every JDK of feature version $1 or newer: its version and its directory, one JDK per line, the preferred one first.
jdks() {
    local home version
    jdk_places | awk '!seen[$0]++' | while IFS= read -r home; do
        [[ -n $home && -x $home/bin/javac && -x $home/bin/java && -f $home/release ]] || continue
        version=$("$home/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
        if [[ -n $version ]] && ((version >= $1)); then echo "$version $home"; fi
    done
}
