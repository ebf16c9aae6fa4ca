// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortSwitchTest {
    @TempDir
    Path directory;

    private Path targets(String text) throws IOException {
        return Files.writeString(directory.resolve("targets"), text);
    }

    @Test
    void of_any_hundred_connections_each_release_gets_its_percentage() throws Exception {
        PortSwitch portSwitch = new PortSwitch(targets("9001 10\n9002 90\n"));

        for (int round = 0; round < 3; round++) {
            Map<Integer, Integer> counts = new TreeMap<>();
            for (int i = 0; i < 100; i++) {
                counts.merge(portSwitch.next(), 1, Integer::sum);
            }
            assertThat(counts).isEqualTo(Map.of(9001, 10, 9002, 90));
        }
    }

    @Test
    void a_small_share_is_spread_over_the_hundred() throws Exception {
        PortSwitch portSwitch = new PortSwitch(targets("9001 10\n9002 90\n"));

        int longestWait = 0;
        int waited = 0;
        for (int i = 0; i < 200; i++) {
            waited = portSwitch.next() == 9001 ? 0 : waited + 1;
            longestWait = Math.max(longestWait, waited);
        }

        assertThat(longestWait).isLessThanOrEqualTo(20);
    }

    @Test
    void a_replaced_file_moves_the_very_next_connection() throws Exception {
        PortSwitch portSwitch = new PortSwitch(targets("9001 100\n"));
        assertThat(portSwitch.next()).isEqualTo(9001);

        targets("9002 100\n");
        assertThat(portSwitch.next()).isEqualTo(9002);

        targets("");
        assertThat(portSwitch.next()).isZero();
    }

    @Test
    void bytes_pass_both_ways_and_each_end_passes_by_itself() throws Exception {
        try (ServerSocket release = new ServerSocket(0, 8, PortSwitch.loopback());
                Serving serving = new Serving(new PortSwitch(targets(release.getLocalPort() + " 100\n")));
                Socket client = serving.connect();
                Socket served = release.accept()) {
            served.setSoTimeout(10_000);
            client.getOutputStream().write("question".getBytes(UTF_8));
            client.shutdownOutput();

            assertThat(read(served)).isEqualTo("question");
            served.getOutputStream().write("answer".getBytes(UTF_8));
            served.shutdownOutput();
            assertThat(read(client)).isEqualTo("answer");
        }
    }

    @Test
    void a_connection_without_a_release_is_closed() throws Exception {
        try (Serving serving = new Serving(new PortSwitch(targets("")));
                Socket client = serving.connect()) {
            assertThat(read(client)).isEmpty();
        }
    }

    /** A switch that serves on a thread until it is closed. */
    private static final class Serving implements AutoCloseable {
        private final ServerSocket listening;

        Serving(PortSwitch portSwitch) throws IOException {
            listening = new ServerSocket(0, 8, PortSwitch.loopback());
            Thread thread = new Thread(() -> serve(portSwitch));
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(PortSwitch portSwitch) {
            try {
                portSwitch.serve(listening);
            } catch (IOException e) {
                assertThat(listening.isClosed()).isTrue();
            }
        }

        Socket connect() throws IOException {
            Socket client = new Socket(PortSwitch.loopback(), listening.getLocalPort());
            client.setSoTimeout(10_000);
            return client;
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    private static String read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), UTF_8);
    }
}
