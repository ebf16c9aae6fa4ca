// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp;

import dev.cumulane.architecture.AdapterRule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdapterArchitectureTest {
    @ParameterizedTest
    @EnumSource
    void thisAdapterKeeps(AdapterRule rule) {
        rule.check("dev.cumulane.gcp");
    }
}
