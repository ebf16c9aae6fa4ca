// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Redactor;
import dev.cumulane.internal.machine.Weight;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.internal.order.ValueText;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.Cause;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.Verdict;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** The values of stages: checked when work has written them, found again when somebody wants one. Small ones are in the run's record, the others stored. */
final class Values {
    /** How many bytes of a record the values of one stage take, at most; further ones are stored however small they are. */
    private static final int MOST_IN_RECORD = 4 * 1024;

    private final ArtifactStore store;

    Values(ArtifactStore store) {
        this.store = store;
    }

    /** The verdict with the values that a worker wrote, or the verdict that they are not usable. */
    Verdict check(Stage stage, Verdict verdict, List<ResultFile.Handed> handed, Redactor redactor) {
        SortedMap<String, ValueKind> declared = stage.outputs();
        List<String> names =
                handed.stream().map(ResultFile.Handed::name).sorted().toList();
        if (!names.equals(List.copyOf(declared.keySet()))) {
            return Verdict.of(
                    Cause.INTERNAL,
                    "the worker's result is not usable: it hands on values " + names + " where the stage declares "
                            + declared.keySet());
        }
        SortedMap<String, String> texts = new TreeMap<>();
        for (ResultFile.Handed one : handed) {
            try {
                texts.put(one.name(), ValueText.parse(Objects.requireNonNull(declared.get(one.name())), bytes(one)));
            } catch (RefusedInputException e) {
                return Verdict.of(Cause.OUTPUT_REFUSED, "value " + one.name() + " " + e.getMessage());
            }
        }
        List<String> telling = texts.entrySet().stream()
                .filter(value -> !redactor.redact(value.getValue()).equals(value.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        if (!telling.isEmpty()) {
            return Verdict.of(
                    Cause.OUTPUT_REFUSED,
                    "the values " + telling + " hold a secret, and values are recorded for all to read");
        }
        return new Verdict(
                verdict.cause(),
                verdict.detail(),
                verdict.artifacts(),
                verdict.tests(),
                verdict.address(),
                kept(declared, texts));
    }

    private byte[] bytes(ResultFile.Handed value) throws RefusedInputException {
        if (value.hex().isPresent()) {
            return HexFormat.of().parseHex(value.hex().get());
        }
        try {
            // A worker may have left anything: one more than the largest, and one for the newline.
            return store.read(value.digest().orElseThrow(), StageValue.LARGEST + 1)
                    .orElseThrow(() -> CloudException.permanent("artifact store", "it is not there"));
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            throw new RefusedInputException("cannot be read: " + e.getMessage(), e);
        }
    }

    private SortedMap<String, StageValue> kept(SortedMap<String, ValueKind> kinds, SortedMap<String, String> texts) {
        SortedMap<String, StageValue> values = new TreeMap<>();
        int taken = 0;
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            String text = entry.getValue();
            ValueKind kind = Objects.requireNonNull(kinds.get(entry.getKey()));
            byte[] bytes = ValueText.utf8(text);
            int weight = Weight.text(text);
            if (bytes.length <= StageValue.Inline.LARGEST_INLINE && taken + weight <= MOST_IN_RECORD) {
                taken += weight;
                values.put(entry.getKey(), new StageValue.Inline(kind, text));
            } else {
                values.put(entry.getKey(), new StageValue.Stored(kind, store.put(bytes), bytes.length));
            }
        }
        return values;
    }

    /** The items of a list, wherever it is. */
    List<String> items(StageValue list) {
        return ValueText.items(text(list));
    }

    /** The text of a value, wherever it is. */
    String text(StageValue value) {
        if (value instanceof StageValue.Inline inline) {
            return inline.text();
        }
        StageValue.Stored stored = (StageValue.Stored) value;
        byte[] bytes = store.read(stored.digest(), StageValue.LARGEST)
                .orElseThrow(
                        () -> CloudException.permanent("artifact store", "value " + stored.digest() + " is not there"));
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
