package dev.heddle.weaver.jars;

import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.ClassReader;

/** Lets the JVM verify classes that have no static initialiser, and so run nothing. */
final class UninitializedLoader extends ClassLoader {

    private final Map<String, byte[]> classFiles;
    private final Map<String, byte[]> dependencies;

    /** All names are internal ones. The {@code dependencies} lose their static initialisers here. */
    UninitializedLoader(Map<String, byte[]> classFiles, Map<String, byte[]> dependencies) {
        super(UninitializedLoader.class.getClassLoader());
        this.classFiles = classFiles;
        this.dependencies = dependencies;
    }

    /** Returns the errors of the JVM for the classes that it does not accept, by internal name. */
    Map<String, Throwable> failures() {
        Map<String, Throwable> failures = new TreeMap<>();
        for (String name : classFiles.keySet()) {
            try {
                Class.forName(name.replace('/', '.'), true, this);
            } catch (ClassNotFoundException | LinkageError failure) {
                failures.put(name, failure);
            }
        }
        return failures;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        String internal = name.replace('.', '/');
        byte[] classFile = classFiles.get(internal);
        byte[] dependency = classFile == null ? dependencies.get(internal) : null;
        if (name.startsWith("java.") || (classFile == null && dependency == null)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] defined = classFile == null ? InjectedClass.withoutInitializer(dependency) : classFile;
            if (!new ClassReader(defined).getClassName().equals(internal)) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, defined, 0, defined.length);
        }
    }
}
