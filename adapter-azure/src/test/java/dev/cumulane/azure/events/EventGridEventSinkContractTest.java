// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultProxy;
import dev.cumulane.azure.fake.FakeEventGrid;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.contract.EventSinkContract;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.cloud.contract.Scripted;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract on a fake topic, behind a network that disturbs every tenth request. */
final class EventGridEventSinkContractTest extends EventSinkContract {
    private final FakeEventGrid grid = new FakeEventGrid();
    private final FaultProxy proxy = FaultProxy.before(grid.endpoint(), 0.1, 11);
    private final AzureClients clients = Emulators.clients(Map.of("management", proxy.endpoint()));
    private final EventSink sink = new EventGridEventSink(clients);

    @BeforeEach
    void publish() {
        grid.isAt(Emulators.secure(proxy.endpoint()) + "/api/events");
    }

    @AfterEach
    void close() {
        proxy.close();
        grid.close();
        assertThat(grid.violations()).isEmpty();
    }

    @Override
    protected EventSink sink() {
        return sink;
    }

    @Override
    protected List<String> received() {
        return grid.events();
    }

    @Test
    void an_event_that_is_too_large_or_no_json_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sink.publish("e-1", new byte[1024 * 1024]))
                .withMessageContaining("e-1");
        assertThatIllegalArgumentException().isThrownBy(() -> sink.publish("e-1", "{".getBytes(UTF_8)));
    }

    @Test
    void a_topic_whose_address_is_none_is_named() {
        grid.isAt("ftp://elsewhere");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> sink.publish("e-1", "{}".getBytes(UTF_8)))
                .withMessageContaining("topic of shop-ci in shop")
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @Test
    void a_topic_that_asks_for_patience_for_good_is_a_failure_that_may_pass() {
        proxy.next(1000, "POST", Fault.THROTTLE);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> sink.publish("e-1", "{\"id\":\"e-1\"}".getBytes(UTF_8)))
                .satisfies(e -> assertThat(e.retryable()).isTrue());
        assertThat(proxy.counts()).containsEntry(Fault.THROTTLE, AzureClients.ATTEMPTS);
    }

    @ParameterizedTest
    @CsvSource({"429,TooManyRequests,true", "413,PayloadTooLarge,false", "403,Forbidden,false"})
    void what_the_topic_says_is_told(int status, String code, boolean retryable) {
        try (Scripted refusing =
                new Scripted().then(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"not now\"}}")) {
            EventSink lost = new EventGridEventSink(Emulators.clients(Map.of("eventgrid", refusing.endpoint())));

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> lost.publish("e-1", "{\"id\":\"e-1\"}".getBytes(UTF_8)))
                    .withMessageContaining("publish event e-1")
                    .withMessageContaining(code + " not now")
                    .satisfies(e -> assertThat(e.retryable()).isEqualTo(retryable));
        }
    }
}
