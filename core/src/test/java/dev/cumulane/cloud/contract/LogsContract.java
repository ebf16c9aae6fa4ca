// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.Logs.Piece;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import org.junit.jupiter.api.Test;

/** What every {@link Logs} does. Each test begins with work that runs and has printed nothing. A service that keeps lines may show the last one with an end that it did not have. */
public abstract class LogsContract {
    /** The attempt whose work runs. */
    protected static final AttemptId ATTEMPT = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "unit-tests", 1);

    /**
     * The port under test.
     *
     * @return the port
     */
    protected abstract Logs logs();

    /**
     * What the service calls the work of the attempt.
     *
     * @return the id
     */
    protected abstract String serviceId();

    /**
     * The work prints bytes, which are in the log when this returns.
     *
     * @param bytes the bytes
     */
    protected abstract void print(byte[] bytes);

    /** The work ends. */
    protected abstract void end();

    private void print(String text) {
        print(text.getBytes(UTF_8));
    }

    private Piece read(long position, int most) {
        return logs().read(ATTEMPT, serviceId(), position, most);
    }

    @Test
    void a_log_without_anything_is_empty_and_has_not_ended() {
        Piece piece = read(0, 1000);

        assertThat(piece).isEqualTo(new Piece("", 0, false));
    }

    @Test
    void reading_goes_on_where_it_left_off() {
        print("one\ntwo\n");
        Piece first = read(0, 1000);
        Piece nothing = read(first.next(), 1000);
        print("three\n");
        Piece second = read(nothing.next(), 1000);

        assertThat(first.text()).isEqualTo("one\ntwo\n");
        assertThat(nothing.text()).isEmpty();
        assertThat(second.text()).isEqualTo("three\n");
    }

    @Test
    void a_line_that_is_not_whole_comes_when_it_is() {
        print("one\ntw");
        Piece first = read(0, 1000);
        print("o\n");

        assertThat(first.text()).isEqualTo("one\n");
        assertThat(read(first.next(), 1000).text()).isEqualTo("two\n");
    }

    @Test
    void the_last_line_comes_without_its_end_when_the_work_is_over() {
        print("one\ntw");
        Piece living = read(0, 1000);
        end();
        Piece last = read(living.next(), 1000);

        assertThat(living.ended()).isFalse();
        assertThat(last.text()).isIn("tw", "tw\n");
        assertThat(last.ended()).isTrue();
        assertThat(read(last.next(), 1000)).isEqualTo(new Piece("", last.next(), true));
    }

    @Test
    void a_log_has_ended_only_when_its_last_piece_was_read() {
        print("one\ntwo\n");
        end();

        Piece first = read(0, 5);
        Piece second = read(first.next(), 1000);

        assertThat(first).extracting(Piece::text, Piece::ended).containsExactly("one\n", false);
        assertThat(second).extracting(Piece::text, Piece::ended).containsExactly("two\n", true);
    }

    @Test
    void a_character_is_never_split_however_small_the_pieces_are() {
        String text = "\u00e4\u20ac\ud83d\ude80".repeat(20);
        print(text);
        end();

        for (int most = 1; most <= 9; most++) {
            StringBuilder read = new StringBuilder();
            Piece piece = read(0, most);
            for (int i = 0; i < 1000 && !piece.ended(); i++) {
                read.append(piece.text());
                piece = read(piece.next(), most);
            }
            assertThat(read.append(piece.text()).toString())
                    .as("pieces of %s bytes", most)
                    .isIn(text, text + "\n");
        }
    }

    @Test
    void what_would_steer_a_terminal_is_dropped() {
        print(
                "\u001b[31mred\u001b[0m \u001b]0;title\u0007plain\u0000 \u001b[2J\u001b(Bend \u009b1mtab\there\r\nbell\u0007\u202egnp\n");

        assertThat(read(0, 1000).text()).isEqualTo("red plain end tab\there\nbellgnp\n");
    }

    @Test
    void bytes_that_are_no_text_do_no_harm() {
        print(new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b', '\n'});

        assertThat(read(0, 1000).text()).isEqualTo("a\ufffd\ufffdb\n");
    }

    @Test
    void a_size_or_position_out_of_range_is_refused() {
        assertThatThrownBy(() -> read(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
        assertThatThrownBy(() -> read(0, 1024 * 1024 + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read(-1, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }
}
