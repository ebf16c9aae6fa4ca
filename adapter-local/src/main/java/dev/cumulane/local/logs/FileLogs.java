// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.logs;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.LogText;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Reads the file that a process of this machine prints to, while it prints.
 *
 * <p>What a process prints is hostile: sequences that steer a terminal are dropped, as are marks that reverse the direction of reading. Positions are bytes of the
 * file.
 */
public final class FileLogs implements Logs {
    private final Function<AttemptId, Path> files;
    private final BiFunction<AttemptId, String, WorkRunner.Phase> phases;

    /**
     * Logs in files.
     *
     * @param files where an attempt's process prints to; the file may not exist
     * @param phases whether the process may still print
     */
    public FileLogs(Function<AttemptId, Path> files, BiFunction<AttemptId, String, WorkRunner.Phase> phases) {
        this.files = files;
        this.phases = phases;
    }

    @Override
    public Piece read(AttemptId attempt, String serviceId, long position, int most) {
        LogText.check(position, most);
        // Asked before the file is read: what is printed before the end is then in what we read, or after it.
        boolean over = phases.apply(attempt, serviceId) == WorkRunner.Phase.OVER;
        Path file = files.apply(attempt);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.max(most, LogText.LONGEST_CHARACTER));
            int got = 0;
            while (got >= 0 && buffer.hasRemaining()) {
                got = channel.read(buffer, position + buffer.position());
            }
            int length = buffer.position();
            boolean last = over && position + length >= channel.size();
            int end = last ? length : LogText.end(buffer.array(), length, !buffer.hasRemaining());
            return new Piece(LogText.plain(buffer.array(), end), position + end, last);
        } catch (NoSuchFileException e) {
            return new Piece("", position, over);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not read the log " + file + ": " + e.getMessage(), e);
        }
    }
}
