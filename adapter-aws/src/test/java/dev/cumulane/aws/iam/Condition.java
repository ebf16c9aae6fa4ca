// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.iam;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One line of a statement's condition.
 *
 * @param operator such as {@code StringEquals}, {@code ForAnyValue:StringLike} or {@code BoolIfExists}
 * @param key the condition key
 * @param values what the policy gives, one of which is enough; of a negated operator, none of which may fit
 */
record Condition(String operator, String key, List<String> values) {
    private static final String ALL = "ForAllValues:";
    private static final String ANY = "ForAnyValue:";
    private static final String IF_EXISTS = "IfExists";

    boolean holds(Request request) {
        Optional<List<String>> given = request.values(key).filter(each -> !each.isEmpty());
        if (operator.equals("Null")) {
            return values.contains(String.valueOf(given.isEmpty()));
        }
        String name = operator.replace(ALL, "").replace(ANY, "").replaceFirst(IF_EXISTS + "$", "");
        if (given.isEmpty()) {
            return operator.endsWith(IF_EXISTS)
                    || operator.startsWith(ALL)
                    || Operators.isNegated(name) && !operator.startsWith(ANY);
        }
        Predicate<String> fits = value -> fits(name, value, request);
        if (operator.startsWith(ALL)) {
            return given.get().stream().allMatch(fits);
        }
        if (operator.startsWith(ANY)) {
            return given.get().stream().anyMatch(fits);
        }
        return given.get().size() == 1 && fits.test(given.get().get(0));
    }

    private boolean fits(String name, String value, Request request) {
        boolean one = values.stream()
                .map(pattern -> Wildcards.resolved(pattern, request))
                .flatMap(Optional::stream)
                .anyMatch(pattern -> Operators.positive(name).test(pattern, value));
        return one != Operators.isNegated(name);
    }
}
