// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.StageValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The values of a group's members, for one variable. */
final class CollectedValues {
    private CollectedValues() {}

    /**
     * A JSON object of member and text, in the plan's order, of those members that had handed the value on when the group ended.
     *
     * @throws IllegalArgumentException if it is larger than a variable may be
     */
    static String json(RunProgress run, Value.Collected collected, Values values) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        long size = 2;
        for (String member : run.plan().members(collected.group())) {
            Optional<StageValue> value = run.gathered(collected.group(), member)
                    .map(verdict -> verdict.values().get(collected.name()));
            if (value.isPresent()) {
                String text = values.text(value.get());
                size += member.length() + text.getBytes(StandardCharsets.UTF_8).length;
                check(collected, size);
                json.put(member, text);
            }
        }
        String text = json.toString();
        check(collected, text.getBytes(StandardCharsets.UTF_8).length);
        return text;
    }

    private static void check(Value.Collected collected, long size) {
        if (size > StageValue.LARGEST) {
            throw new IllegalArgumentException("the values '" + collected.name() + "' of group '" + collected.group()
                    + "' have more than " + StageValue.LARGEST
                    + " bytes together, and do not fit into a variable; collect artifacts instead");
        }
    }
}
