// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.events;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.local.disk.Disk;
import dev.cumulane.local.disk.Reasons;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The event sink of the local cloud: a file with one event on each line. An event that is published again is there again.
 *
 * <p>Any thread; an event is on the disk when {@code publish} returns. The file is opened for each event, so that it may be moved away at any time.
 */
public final class FileEventSink implements EventSink {
    private static final int LARGEST = 256 * 1024;

    private final Path file;
    private final Object writing = new Object();

    /**
     * A sink that appends to a file.
     *
     * @param file the file; it and the directories above it are created with the first event
     */
    public FileEventSink(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    @Override
    public void publish(String id, byte[] json) {
        if (json.length > LARGEST) {
            throw new IllegalArgumentException(
                    "event " + id + " has " + json.length + " bytes; at most " + LARGEST + " are published");
        }
        synchronized (writing) {
            try {
                append(json);
            } catch (IOException e) {
                throw CloudException.permanent(
                        "event file",
                        "event " + id + " could not be appended to " + file + ": " + Reasons.of(e, file),
                        e);
            }
        }
    }

    private void append(byte[] json) throws IOException {
        boolean fresh = Files.notExists(file);
        Path directory = file.getParent();
        if (fresh && directory != null) {
            Files.createDirectories(directory);
        }
        byte[] line = line(json, !fresh && endsWithinALine());
        try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
            out.write(line);
            out.getFD().sync();
        }
        if (fresh && directory != null) {
            Disk.real().forceDirectory(directory);
        }
    }

    /** Line breaks of JSON stand between its tokens alone, where a blank means the same. */
    private static byte[] line(byte[] json, boolean breakFirst) {
        int start = breakFirst ? 1 : 0;
        byte[] line = new byte[start + json.length + 1];
        line[0] = '\n';
        for (int i = 0; i < json.length; i++) {
            line[start + i] = json[i] == '\n' || json[i] == '\r' ? (byte) ' ' : json[i];
        }
        line[line.length - 1] = '\n';
        return line;
    }

    /** Whether a crash left a part of an event at the end. */
    private boolean endsWithinALine() throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
            if (opened.length() == 0) {
                return false;
            }
            opened.seek(opened.length() - 1);
            return opened.read() != '\n';
        }
    }
}
