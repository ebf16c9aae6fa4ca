// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class JoinedDeliveriesTest {
    private final List<String> begun = new ArrayList<>();

    private Deliveries port(String name, String environment) {
        return new Deliveries() {
            @Override
            public Set<String> environments() {
                return Set.of(environment);
            }

            @Override
            public Set<Capability> lacking(String asked) {
                return Set.of(Capability.ALARMS);
            }

            @Override
            public void begin(DeploymentStep step) {
                begun.add(name);
            }

            @Override
            public StepState look(DeploymentStep step) {
                return new StepState.Ended(StepReport.failure(name));
            }

            @Override
            public boolean rings(String asked, String alarm) {
                return alarm.equals(name);
            }

            @Override
            public EnvironmentView.Service service(String asked) {
                return new EnvironmentView.Service(EnvironmentView.Standing.RUNNING, Optional.of(name));
            }
        };
    }

    private static DeploymentStep step(String environment) {
        return new DeploymentStep(
                new RunId("shop-0k3v9q2m7xw4b1ce"),
                "deploy",
                1,
                environment,
                1,
                Optional.empty(),
                new DeploymentStep.Completed());
    }

    @Test
    void each_environment_is_deployed_to_by_the_port_that_has_it() {
        Deliveries both = Deliveries.of(port("first", "staging"), port("second", "production"));

        both.begin(step("production"));

        assertThat(both.environments()).containsExactly("production", "staging");
        assertThat(begun).containsExactly("second");
        assertThat(both.look(step("staging")).end().orElseThrow().detail()).isEqualTo("first");
        assertThat(both.rings("production", "second")).isTrue();
        assertThat(both.service("production").address()).contains("second");
        assertThat(both.lacking("staging")).containsExactly(Capability.ALARMS);
    }

    @Test
    void an_environment_that_no_port_has_is_refused_by_its_name() {
        Deliveries one = Deliveries.of(port("first", "staging"));

        assertThatThrownBy(() -> one.begin(step("production")))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("'production' is bound to nothing; bound are [staging]");
    }

    @Test
    void an_environment_of_two_ports_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deliveries.of(port("first", "staging"), port("second", "staging")))
                .withMessage("environment 'staging' is bound twice");
    }
}
