// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between a client and an emulator and does what networks and services do: throttles, resets, answers that are lost after the effect, slowness. Each
 * connection carries one request, as {@code Connection: close} asks. A subclass knows how a cloud's clients and services speak.
 *
 * <p>Of one call, known by the header in which the client repeats its id, at most two attempts are disturbed, so that four attempts are enough. The seed decides which
 * faults are drawn, the order of the threads which requests they meet.
 */
public abstract class FaultProxy implements AutoCloseable {
    /** What can happen to a request. */
    public enum Fault {
        /** The service asks for patience, and does nothing. */
        THROTTLE,
        /** The connection is cut before the service has seen the request. */
        RESET,
        /** The service does what is asked, and the connection is cut before its answer. */
        LOST_ANSWER,
        /** The answer is late. */
        SLOW
    }

    private static final Logger LOG = LoggerFactory.getLogger(FaultProxy.class);
    private static final int MOST_FOR_ONE_CALL = 2;
    /** Headers that are about one connection, not about what it carries. */
    private static final Pattern FRAMING = Pattern.compile("(?i)(connection|expect|transfer-encoding|content-length):");

    private static final Duration DELAY = Duration.ofMillis(40);

    private final URI target;
    private final ServerSocket server;
    private final ExecutorService pool = Executors.newCachedThreadPool(FaultProxy::daemon);
    private final Map<String, Integer> disturbed = new ConcurrentHashMap<>();
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    private final Random random;
    private volatile double share;
    private Optional<Planned> planned = Optional.empty();

    /**
     * A request as it was received.
     *
     * @param line method, path and version
     * @param headers as they were sent
     * @param body its bytes
     */
    public record Request(String line, List<String> headers, byte[] body) {
        /**
         * A header.
         *
         * @param name in any case
         * @return the first of this name
         */
        public Optional<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(header -> header.substring(start.length()).trim())
                    .findFirst();
        }
    }

    private record Planned(int times, String operation, Fault fault) {}

    /**
     * A proxy that disturbs a share of the requests; it listens at once.
     *
     * @param target the emulator
     * @param share 0 to 1
     * @param seed for what is drawn
     */
    protected FaultProxy(URI target, double share, long seed) {
        this.target = target;
        this.share = share;
        this.random = new Random(seed);
        try {
            this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pool.execute(this::accept);
    }

    /**
     * The header in which a client repeats the id of a call with each attempt.
     *
     * @return its name
     */
    protected abstract String callHeader();

    /**
     * What a request asks for, for {@link #next}.
     *
     * @param request a request
     * @return a text in which the operation's name can be found
     */
    protected abstract String operation(Request request);

    /**
     * The answer of a service that asks for patience.
     *
     * @param request what it would not do
     * @return status, content type and body
     */
    protected abstract Throttle throttle(Request request);

    /**
     * A request was answered by the service, whether the answer reached the client or not. Called on any thread.
     *
     * @param request the request
     * @param status the status code of the answer
     */
    protected void answered(Request request, int status) {}

    /**
     * Connects to the emulator.
     *
     * @param service its address
     * @return a connection
     * @throws IOException if there is none
     */
    protected Socket connect(URI service) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(service.getHost(), service.getPort()));
        return socket;
    }

    /**
     * An answer that asks for patience.
     *
     * @param status as in {@code 503 Slow Down}
     * @param type the content type
     * @param body in ASCII
     */
    public record Throttle(String status, String type, String body) {
        byte[] bytes() {
            return ("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                            + "\r\nConnection: close\r\n\r\n" + body)
                    .getBytes(ISO_8859_1);
        }
    }

    /**
     * Where it listens.
     *
     * @return its address
     */
    public final URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /**
     * Disturbs another share of the requests from now on.
     *
     * @param part 0 to 1
     */
    public final void disturb(double part) {
        share = part;
    }

    /**
     * Disturbs the next requests of this kind, and then no more of them.
     *
     * @param times how many
     * @param operation a part of what the request asks for, such as {@code PutItem}
     * @param fault what happens to them
     */
    public final synchronized void next(int times, String operation, Fault fault) {
        planned = Optional.of(new Planned(times, operation, fault));
    }

    /**
     * How often each fault happened.
     *
     * @return the counts
     */
    public final synchronized Map<Fault, Integer> counts() {
        return new EnumMap<>(counts);
    }

    @Override
    public final void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pool.shutdownNow();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                pool.execute(() -> serve(client));
            } catch (IOException | RejectedExecutionException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException("no more requests are taken", e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            OutputStream out = new BufferedOutputStream(client.getOutputStream());
            Request request = read(new BufferedInputStream(client.getInputStream()), out);
            Optional<Fault> fault = draw(request);
            if (fault.equals(Optional.of(Fault.THROTTLE))) {
                out.write(throttle(request).bytes());
                out.flush();
                return;
            }
            if (fault.equals(Optional.of(Fault.RESET))) {
                reset(client);
                return;
            }
            byte[] answer = forward(request);
            answered(request, status(answer));
            if (fault.equals(Optional.of(Fault.LOST_ANSWER))) {
                reset(client);
                return;
            }
            if (fault.isPresent()) {
                LockSupport.parkNanos(DELAY.toNanos());
            }
            out.write(answer);
            out.flush();
        } catch (IOException e) {
            LOG.debug("the client went away", e);
        }
    }

    private synchronized Optional<Fault> draw(Request request) {
        Optional<Fault> fault = plannedFor(request);
        if (fault.isEmpty() && random.nextDouble() < share) {
            if (disturbed.merge(call(request), 1, Integer::sum) <= MOST_FOR_ONE_CALL) {
                fault = Optional.of(Fault.values()[random.nextInt(Fault.values().length)]);
            }
        }
        fault.ifPresent(one -> counts.merge(one, 1, Integer::sum));
        return fault;
    }

    /** Which call of a client it belongs to; what no client of ours sends is known by its path. */
    private String call(Request request) {
        return request.header(callHeader()).orElseGet(() -> request.line().replaceFirst("\\?.*", ""));
    }

    private Optional<Fault> plannedFor(Request request) {
        String operation = operation(request);
        Optional<Planned> plan = planned.filter(one -> one.times() > 0 && operation.contains(one.operation()));
        plan.ifPresent(one -> planned = Optional.of(new Planned(one.times() - 1, one.operation(), one.fault())));
        return plan.map(Planned::fault);
    }

    private byte[] forward(Request request) throws IOException {
        try (Socket socket = connect(target)) {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            out.write((request.line() + "\r\n").getBytes(ISO_8859_1));
            for (String header : request.headers()) {
                if (!FRAMING.matcher(header).lookingAt()) {
                    out.write((header + "\r\n").getBytes(ISO_8859_1));
                }
            }
            out.write(("Content-Length: " + request.body().length + "\r\nConnection: close\r\n\r\n")
                    .getBytes(ISO_8859_1));
            out.write(request.body());
            out.flush();
            boolean bare = request.line().startsWith("HEAD ");
            return answer(new BufferedInputStream(socket.getInputStream()), bare);
        }
    }

    /** An answer to its end, which some emulators do not tell by closing the connection, as one that is the last of its connection. */
    private static byte[] answer(InputStream in, boolean bare) throws IOException {
        Request head = head(in);
        boolean framed = head.header("content-length").isPresent()
                || head.header("transfer-encoding").isPresent();
        boolean empty = bare || head.line().matches("[^ ]+ (204|304)( .*)?");
        byte[] body = empty ? new byte[0] : framed ? body(in, head) : in.readAllBytes();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes((head.line() + "\r\n").getBytes(ISO_8859_1));
        for (String header : head.headers()) {
            if (!FRAMING.matcher(header).lookingAt()) {
                answer.writeBytes((header + "\r\n").getBytes(ISO_8859_1));
            }
        }
        String length = empty ? "" : "Content-Length: " + body.length + "\r\n";
        answer.writeBytes((length + "Connection: close\r\n\r\n").getBytes(ISO_8859_1));
        answer.writeBytes(body);
        return answer.toByteArray();
    }

    /** Such as {@code HTTP/1.1 200 OK}. */
    private static int status(byte[] answer) {
        String[] words = new String(answer, 0, Math.min(answer.length, 16), ISO_8859_1).split(" ");
        return words.length > 1 && words[1].matches("[0-9]{3}") ? Integer.parseInt(words[1]) : 0;
    }

    private static Request read(InputStream in, OutputStream out) throws IOException {
        Request head = head(in);
        if (head.header("expect").isPresent()) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
            out.flush();
        }
        return new Request(head.line(), head.headers(), body(in, head));
    }

    /** The first line and the headers. */
    private static Request head(InputStream in) throws IOException {
        String line = line(in);
        List<String> headers = new ArrayList<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            headers.add(header);
        }
        return new Request(line, headers, new byte[0]);
    }

    private static byte[] body(InputStream in, Request head) throws IOException {
        if (head.header("transfer-encoding").isPresent()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                body.write(in.readNBytes(size));
                line(in);
            }
            line(in);
            return body.toByteArray();
        }
        int length = Integer.parseInt(head.header("content-length").orElse("0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("a request was cut off");
        }
        return body;
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";", 2)[0], 16);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("a line was cut off");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** Unread and lingering not: the other side sees a reset instead of an end. */
    private static void reset(Socket client) throws IOException {
        client.setSoLinger(true, 0);
        client.close();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        return thread;
    }
}
