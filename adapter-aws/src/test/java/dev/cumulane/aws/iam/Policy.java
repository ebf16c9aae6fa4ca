// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A policy of an identity or of a resource, in one account.
 *
 * @param statements its statements
 */
record Policy(List<Statement> statements) {
    /** A policy that says nothing. */
    static final Policy NONE = new Policy(List.of());

    /** What IAM decides. */
    enum Decision {
        /** A statement denies it. */
        DENIED,
        /** A statement allows it, and none denies it. */
        ALLOWED,
        /** No statement is about it. */
        NOT_ALLOWED
    }

    static Policy parse(JsonNode json) {
        List<Statement> statements = new ArrayList<>();
        JsonNode all = json.path("Statement");
        if (all.isObject()) {
            statements.add(Statement.parse(all));
        } else {
            all.forEach(each -> statements.add(Statement.parse(each)));
        }
        return new Policy(statements);
    }

    /** What the policies of caller and resource come to: within one account either may allow, and a denial by either wins. */
    static Decision decide(Request request, Policy... policies) {
        List<Statement> about = Stream.of(policies)
                .map(Policy::statements)
                .flatMap(Collection::stream)
                .filter(statement -> statement.isAbout(request))
                .toList();
        if (about.stream().anyMatch(statement -> !statement.allows())) {
            return Decision.DENIED;
        }
        return about.isEmpty() ? Decision.NOT_ALLOWED : Decision.ALLOWED;
    }

    /** The policy without one of its statements. */
    Policy without(Statement statement) {
        List<Statement> others = new ArrayList<>(statements);
        others.remove(statement);
        return new Policy(others);
    }
}
