// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.run.EnvironmentView;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Several ports as one, by environment. */
final class JoinedDeliveries implements Deliveries {
    private final SortedMap<String, Deliveries> ports = new TreeMap<>();

    JoinedDeliveries(List<Deliveries> several) {
        for (Deliveries port : several) {
            for (String environment : port.environments()) {
                if (ports.put(environment, port) != null) {
                    throw new IllegalArgumentException("environment '" + environment + "' is bound twice");
                }
            }
        }
    }

    @Override
    public Set<String> environments() {
        return Collections.unmodifiableSet(ports.keySet());
    }

    @Override
    public Set<Capability> lacking(String environment) {
        return port(environment).lacking(environment);
    }

    @Override
    public void begin(DeploymentStep step) {
        port(step.environment()).begin(step);
    }

    @Override
    public StepState look(DeploymentStep step) {
        return port(step.environment()).look(step);
    }

    @Override
    public EnvironmentView.Service service(String environment) {
        return port(environment).service(environment);
    }

    @Override
    public boolean rings(String environment, String alarm) {
        return port(environment).rings(environment, alarm);
    }

    private Deliveries port(String environment) {
        return Optional.ofNullable(ports.get(environment))
                .orElseThrow(() -> CloudException.permanent(
                        "deliveries",
                        "environment '" + environment + "' is bound to nothing; bound are " + ports.keySet()));
    }
}
