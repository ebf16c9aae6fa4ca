// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import com.google.api.gax.core.BackgroundResource;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ClientSettings;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.cloud.deploy.v1.CloudDeployClient;
import com.google.cloud.deploy.v1.CloudDeploySettings;
import com.google.cloud.devtools.cloudbuild.v1.CloudBuildClient;
import com.google.cloud.devtools.cloudbuild.v1.CloudBuildSettings;
import com.google.cloud.functions.v2.FunctionServiceClient;
import com.google.cloud.functions.v2.FunctionServiceSettings;
import com.google.cloud.run.v2.ServicesClient;
import com.google.cloud.run.v2.ServicesSettings;
import com.google.common.base.Suppliers;
import dev.cumulane.cloud.CloudException;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Google's own clients of the services that builds and deployments use, each made when it is first asked for. Any thread.
 *
 * <p>A call that only reads is tried again for 15 seconds; what a lost answer to another one means is said by the port.
 */
public final class GrpcClients implements AutoCloseable {
    private static final RetrySettings RETRIES = RetrySettings.newBuilder()
            .setInitialRetryDelayDuration(Duration.ofMillis(100))
            .setRetryDelayMultiplier(2)
            .setMaxRetryDelayDuration(Duration.ofSeconds(2))
            .setInitialRpcTimeoutDuration(Duration.ofSeconds(10))
            .setMaxRpcTimeoutDuration(Duration.ofSeconds(10))
            .setTotalTimeoutDuration(Duration.ofSeconds(15))
            .build();

    private final GcpClients clients;
    private final List<BackgroundResource> made = new ArrayList<>();
    private final Supplier<CloudBuildClient> builds = once(this::newBuilds);
    private final Supplier<FunctionServiceClient> functions = once(this::newFunctions);
    private final Supplier<ServicesClient> services = once(this::newServices);
    private final Supplier<CloudDeployClient> deploy = once(this::newDeploy);

    /** Makes a client. */
    @FunctionalInterface
    private interface Maker<T> {
        T make() throws IOException;
    }

    /**
     * Clients that are not made yet.
     *
     * @param clients whose calls they are, and where the services are
     */
    public GrpcClients(GcpClients clients) {
        this.clients = clients;
    }

    /**
     * The client of Cloud Build.
     *
     * @return the same each time
     */
    public CloudBuildClient builds() {
        return builds.get();
    }

    /**
     * The client of Cloud Functions.
     *
     * @return the same each time
     */
    public FunctionServiceClient functions() {
        return functions.get();
    }

    /**
     * The client of Cloud Run.
     *
     * @return the same each time
     */
    public ServicesClient services() {
        return services.get();
    }

    /**
     * The client of Cloud Deploy.
     *
     * @return the same each time
     */
    public CloudDeployClient deploy() {
        return deploy.get();
    }

    /**
     * The API of Cloud Monitoring, of which Google's own client knows no alerts.
     *
     * @return its client, which holds nothing that has to be closed
     */
    public GoogleApi monitoring() {
        return clients.api("monitoring");
    }

    private CloudBuildClient newBuilds() throws IOException {
        CloudBuildSettings.Builder settings = connected("cloudbuild", CloudBuildSettings.newBuilder());
        return CloudBuildClient.create(
                settings.applyToAllUnaryMethods(GrpcClients::patient).build());
    }

    private FunctionServiceClient newFunctions() throws IOException {
        FunctionServiceSettings.Builder settings = connected("cloudfunctions", FunctionServiceSettings.newBuilder());
        return FunctionServiceClient.create(
                settings.applyToAllUnaryMethods(GrpcClients::patient).build());
    }

    private ServicesClient newServices() throws IOException {
        ServicesSettings.Builder settings = connected("run", ServicesSettings.newBuilder());
        return ServicesClient.create(
                settings.applyToAllUnaryMethods(GrpcClients::patient).build());
    }

    private CloudDeployClient newDeploy() throws IOException {
        CloudDeploySettings.Builder settings = connected("clouddeploy", CloudDeploySettings.newBuilder());
        return CloudDeployClient.create(
                settings.applyToAllUnaryMethods(GrpcClients::patient).build());
    }

    @SuppressWarnings("rawtypes") // as gax has it
    private <S extends ClientSettings<S>, B extends ClientSettings.Builder<S, B>> B connected(
            String service, B settings) {
        URI address = clients.address(service);
        if (!address.getScheme().equals("http")) {
            return settings.setCredentialsProvider(FixedCredentialsProvider.create(clients.credentials()));
        }
        // On loopback: gRPC sends no credentials without TLS.
        return settings.setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(InstantiatingGrpcChannelProvider.newBuilder()
                        .setEndpoint(address.getAuthority())
                        .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                        .build());
    }

    @SuppressWarnings("NullAway") // the interface of gax wants a Void
    private static Void patient(UnaryCallSettings.Builder<?, ?> settings) {
        settings.setRetrySettings(RETRIES);
        return null;
    }

    private <T extends BackgroundResource> Supplier<T> once(Maker<T> maker) {
        return Suppliers.memoize(() -> {
            try {
                T client = maker.make();
                synchronized (made) {
                    made.add(client);
                }
                return client;
            } catch (IOException e) {
                throw CloudException.retryable("Google Cloud", "could not make a client: " + e.getMessage(), e);
            }
        });
    }

    /** Closes what was made. */
    @Override
    public void close() {
        synchronized (made) {
            made.forEach(BackgroundResource::shutdown);
        }
    }
}
