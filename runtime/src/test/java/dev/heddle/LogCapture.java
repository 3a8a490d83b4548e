package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Captures the log records of the runtime for a test, and keeps them away from standard error. */
public final class LogCapture extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.heddle");
    private final List<String> lines = new ArrayList<>();

    public LogCapture() {
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /** Returns the level, text and failure of each record. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord logged) {
        String failure = logged.getThrown() == null ? "" : " " + logged.getThrown();
        lines.add(logged.getLevel() + " " + logged.getMessage() + failure);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
