// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.functions.v2.BuildConfig;
import com.google.cloud.functions.v2.Environment;
import com.google.cloud.functions.v2.Function;
import com.google.cloud.functions.v2.FunctionServiceClient;
import com.google.cloud.functions.v2.GenerateUploadUrlRequest;
import com.google.cloud.functions.v2.GenerateUploadUrlResponse;
import com.google.cloud.functions.v2.Source;
import com.google.cloud.functions.v2.StateMessage;
import com.google.cloud.functions.v2.StorageSource;
import com.google.cloud.functions.v2.UpdateFunctionRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.FieldMask;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GrpcFailures;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The code and the revisions of one function. */
final class FunctionReleases {
    /** The label that says which release of which deployment the function was given last. */
    static final String RELEASE = "cumulane-release";

    private static final String SERVICE = "Cloud Functions";
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Supplier<FunctionServiceClient> client;
    private final String name;
    private final GcpService service;

    FunctionReleases(Supplier<FunctionServiceClient> client, String name) {
        this.client = client;
        this.name = name;
        this.service = new GcpService(SERVICE, "function " + name);
    }

    /** The name of the function's Cloud Run service. */
    String runService() {
        return read().getServiceConfig().getService();
    }

    /**
     * Makes a revision of a package. To do it again for the same release gives the same revision.
     *
     * @param release names the release and its deployment, in the characters of a label
     * @param source the package
     * @param pace how often and how long to look whether the function has taken it; this goes on where it was when it is called again
     * @return the revision's name
     * @throws CloudException retryable, if the function has not taken it yet or takes another one
     */
    String publish(String release, Supplier<byte[]> source, CloudRunDeliveries.Pace pace) {
        Function now = settled(read(), pace);
        if (!now.getLabelsOrDefault(RELEASE, "").equals(release)) {
            update(now, release, upload(source.get()));
            now = settled(read(), pace);
        }
        if (now.getState() == Function.State.FAILED) {
            String why = now.getStateMessagesList().stream()
                    .map(StateMessage::getMessage)
                    .collect(Collectors.joining("; "));
            throw CloudException.permanent(SERVICE, "function " + name + " did not take its new code: " + why);
        }
        if (!now.getLabelsOrDefault(RELEASE, "").equals(release)) {
            throw new ChangedMeanwhileException("function " + name);
        }
        String revision = now.getServiceConfig().getRevision();
        return revision.substring(revision.lastIndexOf('/') + 1);
    }

    private Function read() {
        try {
            return client.get().getFunction(name);
        } catch (ApiException e) {
            throw service.failure("look at the function", GrpcFailures.of(e));
        }
    }

    private Function settled(Function found, CloudRunDeliveries.Pace pace) {
        Function now = found;
        long end = System.nanoTime() + pace.patience().toNanos();
        while (now.getState() == Function.State.DEPLOYING) {
            if (System.nanoTime() - end > 0) {
                throw CloudException.retryable(
                        SERVICE, "function " + name + " has not taken its new code yet", new IllegalStateException());
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pace.pause().toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CloudException.retryable(SERVICE, "interrupted while function " + name + " was changed", e);
            }
            now = read();
        }
        return now;
    }

    private StorageSource upload(byte[] source) {
        GenerateUploadUrlRequest request = GenerateUploadUrlRequest.newBuilder()
                .setParent(name.replaceFirst("/functions/.*", ""))
                .setEnvironment(Environment.GEN_2)
                .build();
        try {
            GenerateUploadUrlResponse place = client.get().generateUploadUrl(request);
            put(URI.create(place.getUploadUrl()), source);
            return place.getStorageSource();
        } catch (ApiException e) {
            throw service.failure("upload new code", GrpcFailures.of(e));
        }
    }

    /** The address is signed: it takes this type, and no token. */
    private void put(URI address, byte[] source) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout((int) SILENCE.toMillis());
            connection.setReadTimeout((int) SILENCE.toMillis());
            connection.setRequestMethod("PUT");
            connection.setRequestProperty("Content-Type", "application/zip");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(source.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(source);
            }
            if (connection.getResponseCode() / 100 != 2) {
                throw new IOException("status " + connection.getResponseCode());
            }
        } catch (IOException e) {
            throw CloudException.retryable(
                    SERVICE, "could not upload new code of function " + name + ": " + e.getMessage(), e);
        }
    }

    /** Says each time that traffic stays where it is: an update moves it to the new revision otherwise. */
    private void update(Function now, String release, StorageSource source) {
        BuildConfig.Builder build =
                now.getBuildConfig().toBuilder().setSource(Source.newBuilder().setStorageSource(source));
        Function wanted = now.toBuilder()
                .putLabels(RELEASE, release)
                .setBuildConfig(build)
                .setServiceConfig(now.getServiceConfig().toBuilder().setAllTrafficOnLatestRevision(false))
                .build();
        UpdateFunctionRequest request = UpdateFunctionRequest.newBuilder()
                .setFunction(wanted)
                .setUpdateMask(FieldMask.newBuilder()
                        .addPaths("labels")
                        .addPaths("build_config.source")
                        .addPaths("service_config.all_traffic_on_latest_revision"))
                .build();
        try {
            Operation unused = client.get().updateFunctionCallable().call(request);
        } catch (ApiException e) {
            throw service.failure("give it new code", GrpcFailures.of(e));
        }
    }
}
