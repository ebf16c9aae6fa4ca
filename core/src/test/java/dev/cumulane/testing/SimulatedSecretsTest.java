// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.contract.SecretsContract;

class SimulatedSecretsTest extends SecretsContract {
    private final SimulatedCloud cloud = SimulatedCloud.of();

    @Override
    protected Secrets secrets() {
        return cloud.secrets();
    }

    @Override
    protected void store(String reference, String value) {
        cloud.addSecret(reference, value);
    }
}
