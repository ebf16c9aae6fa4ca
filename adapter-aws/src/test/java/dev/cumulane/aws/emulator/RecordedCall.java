// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A call that reached a service, in the words of IAM.
 *
 * @param role who called: the name of the function, such as {@code shop-ci-engine}
 * @param action such as {@code dynamodb:PutItem}
 * @param resource the ARN that the call names; {@code *} for an action that knows no resources
 * @param context condition keys, such as {@code iam:PassedToService}, and their values
 */
public record RecordedCall(String role, String action, String resource, SortedMap<String, String> context) {
    /** Copies the context. */
    public RecordedCall {
        context = Collections.unmodifiableSortedMap(new TreeMap<>(context));
    }

    /**
     * A call with a context of any order.
     *
     * @param role who called
     * @param action the action
     * @param resource the ARN
     * @param context condition keys and their values
     * @return the call
     */
    public static RecordedCall of(String role, String action, String resource, Map<String, String> context) {
        return new RecordedCall(role, action, resource, new TreeMap<>(context));
    }
}
