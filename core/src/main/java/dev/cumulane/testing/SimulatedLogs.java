// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.Logs;
import dev.cumulane.run.AttemptId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Logs in memory. */
final class SimulatedLogs implements Logs {
    private final World world;
    private final Map<AttemptId, StringBuilder> texts = new HashMap<>();
    private final Set<AttemptId> ended = new HashSet<>();

    SimulatedLogs(World world) {
        this.world = world;
    }

    synchronized void print(AttemptId attempt, String line) {
        texts.computeIfAbsent(attempt, any -> new StringBuilder()).append(line).append('\n');
    }

    synchronized void end(AttemptId attempt) {
        ended.add(attempt);
    }

    @Override
    public Piece read(AttemptId attempt, String serviceId, long position, int most) {
        return world.call("read of the log of", attempt, () -> readNow(attempt, position, most));
    }

    private synchronized Piece readNow(AttemptId attempt, long position, int most) {
        byte[] all = texts.getOrDefault(attempt, new StringBuilder()).toString().getBytes(StandardCharsets.UTF_8);
        int from = (int) Math.min(Math.max(position, 0), all.length);
        int until = endOfPiece(all, from, Math.min(all.length, from + most));
        return new Piece(
                new String(all, from, until - from, StandardCharsets.UTF_8),
                until,
                until == all.length && ended.contains(attempt));
    }

    /** After the last whole line that fits, or, if none does, before a character that would be cut. */
    private static int endOfPiece(byte[] all, int from, int until) {
        for (int end = until; end > from; end--) {
            if (all[end - 1] == '\n') {
                return end;
            }
        }
        int end = until;
        while (end > from && end < all.length && (all[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }
}
