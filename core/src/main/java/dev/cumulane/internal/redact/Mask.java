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

    /** More line breaks in a row than these, as around an empty line, end an encoded text: so what is kept back has a bound. */
    private static final int MOST_BREAKS = 3;

    private final Search plain;
    private final Search wrapped;

    /** The line breaks just before the next byte. */
    private int breaks;

    /** Bytes that are kept back: those of {@code kept} below {@code size}; the first is number {@code from} of the text. */
    private byte[] kept = new byte[256];

    private int size;
    private long from;

    /** Where to mask, as pairs of first byte and the byte after the last, ascending and apart from each other; those below {@code spans} count. */
    private long[] spans = new long[16];

    private int count;

    /** Whether the stars for the first span have been written. */
    private boolean starred;

    private boolean masked;

    /** A mask at the beginning of a text. */
    public Mask(Forms forms) {
        this(forms.plain(), forms.wrapped());
    }

    private Mask(Automaton plain, Automaton wrapped) {
        this.plain = new Search(plain);
        this.wrapped = new Search(wrapped);
    }

    /** A mask for the same secrets at the beginning of another text. */
    public Mask another() {
        return new Mask(plain.automaton, wrapped.automaton);
    }

    /** Takes a piece, and gives what is clear by now. */
    public byte[] next(byte[] bytes, int offset, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 16);
        for (int i = offset; i < offset + length; i++) {
            keep(bytes[i]);
            long at = from + size - 1;
            plain.step(bytes[i], at);
            stepWrapped(bytes[i], at);
            // Asked rarely, so that not each byte is moved.
            if (size >= 4096 && size >= 4096 + held()) {
                release(size - held(), out);
            }
        }
        release(size - held(), out);
        return out.toByteArray();
    }

    /** Gives the rest. */
    public byte[] end() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        release(size, out);
        plain.state = Automaton.start();
        wrapped.state = Automaton.start();
        return out.toByteArray();
    }

    private void stepWrapped(byte letter, long place) {
        if (letter != '\n' && letter != '\r') {
            breaks = 0;
            wrapped.step(letter, place);
        } else if (++breaks > MOST_BREAKS) {
            wrapped.state = Automaton.start();
        }
    }

    /** How many of the last bytes may belong to something that is found later. */
    private int held() {
        long next = from + size;
        return (int) (next - Math.min(plain.begun(next), wrapped.begun(next)));
    }

    /** A search for some forms among those bytes that count for it. */
    private final class Search {
        private final Automaton automaton;

        /** Where in the text the latest bytes that count were, as many as a form can have: number {@code counted - 1} is the last. */
        private final long[] places;

        private long counted;
        private int state = Automaton.start();

        Search(Automaton automaton) {
            this.automaton = automaton;
            this.places = new long[Math.max(1, automaton.deepest())];
        }

        /** Takes the byte at a place of the text. */
        void step(byte letter, long place) {
            places[(int) (counted % places.length)] = place;
            counted++;
            state = automaton.next(state, letter);
            int found = automaton.longest(state);
            if (found > 0) {
                mark(place(found), place + 1);
            }
        }

        /** Where that began which may become a form; the next byte's place if nothing may. */
        long begun(long next) {
            int depth = automaton.depth(state);
            return depth == 0 ? next : place(depth);
        }

        /** Where the first of the last bytes that count was. */
        private long place(int last) {
            return places[(int) ((counted - last) % places.length)];
        }
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
