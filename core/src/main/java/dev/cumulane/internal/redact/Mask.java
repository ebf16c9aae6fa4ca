// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.redact;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Masks a text that comes in pieces: what stands across the border of two pieces is found, too. Bytes that may be the beginning of a secret are kept back until it is
 * clear; everything else goes on at once and unchanged. For one thread.
 */
public final class Mask {
    /** What a secret becomes; several that touch or overlap become one. */
    private static final byte[] STARS = {'*', '*', '*'};

    private final Automaton automaton;

    /** Bytes that are kept back: those of {@code kept} below {@code size}; the first is number {@code from} of the text. */
    private byte[] kept = new byte[256];

    private int size;
    private long from;
    private int state = Automaton.start();

    /** Where to mask, as pairs of first byte and the byte after the last, ascending and apart from each other; those below {@code spans} count. */
    private long[] spans = new long[16];

    private int count;

    /** Whether the stars for the first span have been written. */
    private boolean starred;

    private boolean masked;

    /** A mask at the beginning of a text. */
    public Mask(Automaton automaton) {
        this.automaton = automaton;
    }

    /** Takes a piece, and gives what is clear by now. */
    public byte[] next(byte[] bytes, int offset, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 16);
        for (int i = offset; i < offset + length; i++) {
            keep(bytes[i]);
            state = automaton.next(state, bytes[i]);
            int found = automaton.longest(state);
            if (found > 0) {
                mark(from + size - found, from + size);
            }
            // Asked rarely, so that not each byte is moved.
            if (size >= 4096 + automaton.depth(state)) {
                release(size - automaton.depth(state), out);
            }
        }
        release(size - automaton.depth(state), out);
        return out.toByteArray();
    }

    /** Gives the rest. */
    public byte[] end() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        release(size, out);
        state = Automaton.start();
        return out.toByteArray();
    }

    /** Whether anything was found so far. */
    public boolean masked() {
        return masked;
    }

    private void keep(byte letter) {
        if (size == kept.length) {
            kept = Arrays.copyOf(kept, 2 * size);
        }
        kept[size++] = letter;
    }

    /** Masks also these bytes. They end last of all, so they can touch the last spans only. */
    private void mark(long first, long end) {
        masked = true;
        long start = first;
        while (count > 0 && spans[2 * count - 1] >= start) {
            count--;
            start = Math.min(start, spans[2 * count]);
        }
        if (2 * count + 2 > spans.length) {
            spans = Arrays.copyOf(spans, 2 * spans.length);
        }
        spans[2 * count] = start;
        spans[2 * count + 1] = end;
        count++;
    }

    /** Writes the first of the kept bytes: those that can belong to nothing that is found later. */
    private void release(int many, ByteArrayOutputStream out) {
        long until = from + many;
        long at = from;
        int done = 0;
        while (at < until) {
            if (done == count || spans[2 * done] >= until) {
                out.write(kept, (int) (at - from), (int) (until - at));
                at = until;
            } else {
                long start = Math.max(at, spans[2 * done]);
                out.write(kept, (int) (at - from), (int) (start - at));
                if (!starred) {
                    out.writeBytes(STARS);
                    starred = true;
                }
                at = Math.min(until, spans[2 * done + 1]);
                // A span that ends here may still grow.
                if (spans[2 * done + 1] < until) {
                    done++;
                    starred = false;
                }
            }
        }
        System.arraycopy(spans, 2 * done, spans, 0, 2 * (count - done));
        count -= done;
        System.arraycopy(kept, many, kept, 0, size - many);
        size -= many;
        from = until;
    }
}
