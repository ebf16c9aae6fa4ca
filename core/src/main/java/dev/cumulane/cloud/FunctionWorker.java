// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.internal.order.FunctionOrder;
import dev.cumulane.internal.order.OrderInput;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.internal.order.ValueText;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Carries out the order of a function stage in this JVM: claims the attempt, checks and unpacks the inputs, runs the stage, stores its outputs, creates the result.
 *
 * <p>The adapter's worker calls it, once per order it was sent, on any thread. The order may come twice: the claim lets one of them run. The adapter sends
 * {@link SignalEnvelope#workOver} afterwards, however this ended.
 *
 * @param store holds order, inputs and claim, and takes outputs and result
 * @param code finds the stage's class
 * @param secrets environment variable to secret value, as the service bound them
 * @param log takes the stage's lines, with secrets masked
 * @param clock tells when the work began and ended
 */
public record FunctionWorker(
        ArtifactStore store,
        ClassLoader code,
        SortedMap<String, String> secrets,
        Consumer<String> log,
        InstantSource clock) {
    private static final int MOST_TRIES = 5;

    /** Copies the map. */
    public FunctionWorker {
        secrets = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /** A record's text would show the secrets. */
    @Override
    public String toString() {
        return "FunctionWorker with secrets for " + secrets.keySet();
    }

    /**
     * Carries out an order.
     *
     * @param order the order's digest
     * @param serviceId what the service calls this work
     * @param directory an empty directory for the stage's files, which the caller deletes
     * @return whether the attempt was ours and has a result now; false if somebody else has claimed it or it had a result
     * @throws CloudException if the store fails for long or the order is missing or refused: there is no result then
     */
    public boolean run(Digest order, String serviceId, Path directory) {
        FunctionOrder parsed = read(order);
        AttemptId attempt = parsed.attempt();
        String token = token(serviceId);
        if (store.read(OrderKeys.result(attempt)).isPresent() || !claim(attempt, token)) {
            log.accept("== attempt " + attempt + " is somebody else's or over; nothing to do");
            return false;
        }
        Instant started = clock.instant();
        FunctionContext context = new FunctionContext(parsed, store, directory, secrets, log);
        warn(context.redactor().tooShort());
        Verdict verdict = verdict(parsed, context, directory);
        ResultFile result = new ResultFile(
                attempt,
                token,
                verdict,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new ResultFile.Times(
                        started.getEpochSecond(), clock.instant().getEpochSecond())),
                verdict.cause() == Cause.COMPLETED ? values(context) : List.of());
        insist(() -> {
            store.create(OrderKeys.result(attempt), result.bytes());
            return true;
        });
        log.accept("== " + verdict.cause() + (verdict.detail().isEmpty() ? "" : ": " + verdict.detail()));
        return true;
    }

    private void warn(List<String> unmasked) {
        if (!unmasked.isEmpty()) {
            log.accept("== warning: secrets of fewer than " + Redactor.SHORTEST + " characters are not masked: "
                    + String.join(", ", unmasked));
        }
    }

    private FunctionOrder read(Digest order) {
        byte[] bytes = insist(() -> store.read(order, FunctionOrder.MOST_BYTES))
                .orElseThrow(
                        () -> CloudException.permanent("artifact store", "function order " + order + " is not there"));
        try {
            return FunctionOrder.parse(bytes);
        } catch (RefusedInputException e) {
            throw CloudException.permanent(
                    "artifact store", "function order " + order + " is refused: " + e.getMessage(), e);
        }
    }

    /** Whether the attempt is ours. An answer can be lost, so only reading the claim back tells. */
    private boolean claim(AttemptId attempt, String token) {
        byte[] mine = token.getBytes(US_ASCII);
        return insist(() -> {
            store.create(OrderKeys.claim(attempt), mine);
            byte[] owner = store.read(OrderKeys.claim(attempt))
                    .orElseThrow(() -> CloudException.retryable(
                            "artifact store",
                            "the claim of attempt " + attempt + " cannot be read back",
                            new IOException("absent")));
            return java.util.Arrays.equals(owner, mine);
        });
    }

    private List<ResultFile.Handed> values(FunctionContext context) {
        List<ResultFile.Handed> values = new ArrayList<>();
        context.handed().forEach((name, text) -> {
            byte[] bytes = ValueText.utf8(text);
            values.add(
                    bytes.length <= ResultFile.Handed.MOST_INLINE
                            ? ResultFile.Handed.inline(name, bytes)
                            : ResultFile.Handed.stored(name, insist(() -> store.put(bytes))));
        });
        return values;
    }

    private Verdict verdict(FunctionOrder order, FunctionContext context, Path directory) {
        try {
            fetchVariables(order, context);
            Files.createDirectories(context.outputs());
            for (OrderInput input : order.inputs()) {
                Files.createDirectories(context.unpacked(input).getParent());
                insist(() -> {
                    ArtifactFiles.unpack(store, input.digest(), context.unpacked(input));
                    return true;
                });
                if (!Files.exists(context.unpacked(input).resolve(input.path()))) {
                    return Verdict.of(
                            Cause.INPUT_CORRUPT, "input " + input.name() + " does not hold '" + input.path() + "'");
                }
            }
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            return Verdict.of(Cause.INPUT_CORRUPT, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not write in " + directory + ": " + e.getMessage(), e);
        }
        Ran ran = ran(order, context);
        FunctionStage.Result result = ran.result();
        // Before it is cut to its limit: what is left of a secret there would not be recognised.
        String detail = context.redactor().redact(result.detail());
        return result.succeeded() ? kept(order, context, detail) : Verdict.of(ran.unlessGood(), detail);
    }

    private void fetchVariables(FunctionOrder order, FunctionContext context) {
        order.variables().fetched().forEach((name, stored) -> {
            byte[] bytes = insist(() -> store.read(stored.digest(), Math.toIntExact(stored.size())))
                    .orElseThrow(() -> CloudException.permanent(
                            "artifact store", "the value of " + name + ", " + stored.digest() + ", is not there"));
            context.put(name, new String(bytes, UTF_8));
        });
    }

    /** What became of a stage, and what its end is called if it is not good. */
    private record Ran(FunctionStage.Result result, Cause unlessGood) {
        static Ran of(FunctionStage.Result result) {
            return new Ran(result, Cause.FUNCTION_FAILED);
        }

        static Ran failure(String detail) {
            return of(FunctionStage.Result.failure(detail));
        }
    }

    /** Runs the stage. Whatever it throws is its failure; the trace goes to its log. */
    private Ran ran(FunctionOrder order, FunctionContext context) {
        String name = order.className();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(code);
            FunctionStage stage = Class.forName(name, true, code)
                    .asSubclass(FunctionStage.class)
                    .getConstructor()
                    .newInstance();
            Optional<FunctionStage.Result> result = Optional.ofNullable(stage.run(context));
            return Ran.of(
                    result.orElseGet(() -> FunctionStage.Result.failure(name + " returned null instead of a result")));
        } catch (ClassNotFoundException e) {
            return Ran.failure("the class " + name + " is not in the jar that the plan names, nor beside it");
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException | ClassCastException e) {
            return Ran.failure(name
                    + " is not a public class with a public constructor without arguments that implements FunctionStage: "
                    + e);
        } catch (Throwable e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            trace.toString().lines().forEach(context::log);
            return e instanceof MalformedValueException
                    ? new Ran(FunctionStage.Result.failure(String.valueOf(e.getMessage())), Cause.OUTPUT_REFUSED)
                    : Ran.failure(e.toString());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Verdict kept(FunctionOrder order, FunctionContext context, String detail) {
        List<String> missing = order.outputs().stream()
                .filter(name -> !Files.exists(context.outputs().resolve(name)))
                .toList();
        if (!missing.isEmpty()) {
            return Verdict.of(Cause.OUTPUT_MISSING, "the stage did not write " + missing);
        }
        List<String> unsaid = order.values().keySet().stream()
                .filter(name -> !context.handed().containsKey(name))
                .toList();
        if (!unsaid.isEmpty()) {
            return Verdict.of(Cause.OUTPUT_MISSING, "the stage did not hand on the values " + unsaid);
        }
        if (!context.telling().isEmpty()) {
            return Verdict.of(
                    Cause.OUTPUT_REFUSED,
                    "the values " + context.telling() + " hold a secret, and values are recorded for all to read");
        }
        List<Produced> kept = new ArrayList<>();
        for (String name : order.outputs()) {
            try {
                kept.add(insist(() -> ArtifactFiles.pack(store, name, context.outputs(), name)));
            } catch (CloudException e) {
                if (e.retryable()) {
                    throw e;
                }
                return Verdict.of(Cause.OUTPUT_REFUSED, String.valueOf(e.getMessage()));
            }
        }
        return new Verdict(Cause.COMPLETED, detail, kept, Optional.empty(), Optional.empty());
    }

    @FunctionalInterface
    private interface Call<T> {
        T make();
    }

    /** The client has retried on its own already; a few more tries in a row cover a short interruption. */
    private static <T> T insist(Call<T> call) {
        for (int tried = 1; ; tried++) {
            try {
                return call.make();
            } catch (CloudException e) {
                if (!e.retryable() || tried == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static String token(String serviceId) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String known = serviceId.replaceAll("[^A-Za-z0-9:._-]", "");
        return known.substring(0, Math.min(known.length(), 150)) + "."
                + HexFormat.of().formatHex(random);
    }
}
