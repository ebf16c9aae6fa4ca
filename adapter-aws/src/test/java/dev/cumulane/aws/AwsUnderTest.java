// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws;

import dev.cumulane.aws.emulator.Emulators;
import java.util.Map;

/** Describes installations whose environment variables the test gives, as a deployed function reads them. */
public final class AwsUnderTest {
    private AwsUnderTest() {}

    /**
     * An installation as it is described in a function.
     *
     * @param environment the function's variables
     * @return the description
     */
    public static Aws in(Map<String, String> environment) {
        return new Aws(Emulators.REGION, environment);
    }
}
