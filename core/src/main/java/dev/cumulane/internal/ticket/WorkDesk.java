// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ticket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.pipeline.Digest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code POST /work}: signs the one request that a work order asks for, if its ticket names it. It reads the keys of tickets and nothing else. Safe for use by several threads.
 *
 * <p>The body is a ticket and, as its last line, a wish: {@code get} and {@code put} with a digest, {@code create} and {@code read} with a key; those that store say the size, too.
 * The answer is 200 with method and URL in the first line and a header in each other one. A pass instead of a ticket is answered with a redirect to its order. Without proof the
 * answer is 401; 403 says that a ticket is over or does not name what is wished for, 413 that a body or an object is too large, 503 that it is worth another try.
 */
public final class WorkDesk {
    /** The path that it answers. */
    public static final String PATH = "/work";

    /** The most bytes of a body: a ticket of all inputs and variables that an order may have. */
    static final int LARGEST_BODY = 128 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(WorkDesk.class);
    private static final Pattern BODY = Pattern.compile("[\\n -~]*+");
    private static final Pattern PASS = Pattern.compile("(order ([0-9a-f]{64}) ([1-9][0-9]{0,11})) ([0-9a-f]{64})\\n?");
    private static final Pattern PROVEN = Pattern.compile("proof ([0-9a-f]{64})\\n([^\\n]+)\\n?");
    private static final Pattern WISH =
            Pattern.compile("(get|put|create|read) ([!-~]{1,300})(?: (0|[1-9][0-9]{0,11}))?");

    private final RequestSigner signer;
    private final TicketKeys keys;
    private final InstantSource clock;

    private WorkDesk(RequestSigner signer, TicketKeys keys, InstantSource clock) {
        this.signer = signer;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * The desk of a cloud whose builds work through signed requests.
     *
     * @param cloud any cloud
     * @return its desk; empty if it has no keys of tickets or its store signs nothing
     */
    public static Optional<WorkDesk> of(Cloud cloud) {
        List<String> keys = cloud.ticketKeys();
        return cloud.artifacts()
                .signer()
                .filter(signer -> !keys.isEmpty())
                .map(signer -> new WorkDesk(signer, new TicketKeys(cloud.secrets(), keys), cloud.clock()));
    }

    /** Answers a request; never throws. */
    public HttpAnswer answer(HttpRequest request) {
        try {
            if (!request.method().equals("POST")) {
                return HttpAnswer.text(405, "POST a ticket and a wish").with("allow", "POST");
            }
            if (request.body().length > LARGEST_BODY) {
                throw new Refusal(413, "the body is too large");
            }
            return answer(new String(request.body(), ISO_8859_1));
        } catch (Refusal e) {
            LOG.info("A wish of a work order is answered with {}: {}", e.status, e.getMessage());
            return HttpAnswer.text(e.status, String.valueOf(e.getMessage()));
        } catch (CloudException e) {
            LOG.warn("A wish of a work order could not be answered: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A wish of a work order could not be answered", e);
        }
        return HttpAnswer.text(503, "try again later").with("retry-after", "5");
    }

    private HttpAnswer answer(String body) throws Refusal {
        if (!BODY.matcher(body).matches()) {
            throw new Refusal(401, "there is no ticket");
        }
        Matcher pass = PASS.matcher(body);
        if (pass.matches()) {
            believe(pass.group(1), pass.group(4));
            live(Instant.ofEpochSecond(Long.parseLong(pass.group(3))));
            SignedRequest order = signer.get(new Digest(pass.group(2)), RequestSigner.LIFE);
            return HttpAnswer.text(303, "the order is elsewhere")
                    .with("location", order.uri().toString());
        }
        int end = body.indexOf("\n" + TicketOffice.PROOF) + 1;
        Matcher proven = PROVEN.matcher(body.substring(end));
        if (end == 0 || !proven.matches()) {
            throw new Refusal(401, "there is no ticket");
        }
        believe(body.substring(0, end), proven.group(1));
        Ticket ticket = Ticket.parse(body.substring(0, end));
        live(ticket.until());
        return HttpAnswer.text(200, text(sign(ticket, proven.group(2))));
    }

    private void believe(String text, String proof) throws Refusal {
        if (!keys.isProven(text, proof)) {
            throw new Refusal(401, "the ticket has no valid proof");
        }
    }

    private void live(Instant until) throws Refusal {
        if (!clock.instant().isBefore(until)) {
            throw new Refusal(403, "the time of the ticket is over");
        }
    }

    private SignedRequest sign(Ticket ticket, String wish) throws Refusal {
        Matcher parts = WISH.matcher(wish);
        if (!parts.matches()) {
            throw new Refusal(403, "there is no such wish");
        }
        String what = parts.group(2);
        Optional<Long> size = Optional.ofNullable(parts.group(3)).map(Long::valueOf);
        return switch (parts.group(1)) {
            case "get" -> signer.get(input(ticket, what), RequestSigner.LIFE);
            case "put" -> signer.put(digest(what), size(size, Ticket.LARGEST_OBJECT), RequestSigner.LIFE);
            case "create" -> {
                named(ticket.creates(what));
                yield signer.create(what, size(size, ticket.most(what)), RequestSigner.LIFE);
            }
            default -> {
                named(ticket.reads(what));
                yield signer.read(what, RequestSigner.LIFE);
            }
        };
    }

    private static Digest input(Ticket ticket, String text) throws Refusal {
        Digest digest = digest(text);
        named(ticket.inputs().contains(digest));
        return digest;
    }

    private static Digest digest(String text) throws Refusal {
        try {
            return new Digest(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(403, "there is no such wish");
        }
    }

    private static void named(boolean isNamed) throws Refusal {
        if (!isNamed) {
            throw new Refusal(403, "the ticket does not name this");
        }
    }

    private static long size(Optional<Long> size, long most) throws Refusal {
        long bytes = size.orElseThrow(() -> new Refusal(403, "there is no such wish"));
        if (bytes > most) {
            throw new Refusal(413, "at most " + most + " bytes are taken");
        }
        return bytes;
    }

    private static String text(SignedRequest request) {
        StringBuilder text = new StringBuilder(request.method()).append(' ').append(request.uri());
        request.headers()
                .forEach((name, value) ->
                        text.append('\n').append(name).append(": ").append(value));
        return text.toString();
    }

    /** Why a wish is not granted. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refusal(int status, String why) {
            super(why, null, false, false);
            this.status = status;
        }
    }
}
