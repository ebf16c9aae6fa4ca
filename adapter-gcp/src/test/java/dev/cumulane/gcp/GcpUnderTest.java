// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp;

import java.util.Map;

/** Descriptions of clouds that believe to be in a function. */
public final class GcpUnderTest {
    private GcpUnderTest() {}

    /**
     * A description.
     *
     * @param project the project's id
     * @param variables the function's environment
     * @return the description
     */
    public static Gcp in(String project, Map<String, String> variables) {
        return new Gcp(project, variables);
    }
}
