// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloud.functions.v2.Function;
import com.google.cloud.functions.v2.FunctionServiceGrpc.FunctionServiceImplBase;
import com.google.cloud.functions.v2.FunctionsProto;
import com.google.cloud.functions.v2.GenerateUploadUrlRequest;
import com.google.cloud.functions.v2.GenerateUploadUrlResponse;
import com.google.cloud.functions.v2.GetFunctionRequest;
import com.google.cloud.functions.v2.StateMessage;
import com.google.cloud.functions.v2.StorageSource;
import com.google.cloud.functions.v2.UpdateFunctionRequest;
import com.google.cloud.run.v2.GetServiceRequest;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServiceProto;
import com.google.cloud.run.v2.ServicesGrpc.ServicesImplBase;
import com.google.cloud.run.v2.UpdateServiceRequest;
import com.google.longrunning.Operation;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import io.grpc.BindableService;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * One function of Cloud Functions, 2nd generation, and its Cloud Run service. New code is a zip that was uploaded to a signed address; what its file {@code word.txt} says is what
 * the revision answers, unless it begins with {@code sick}: such code does not build.
 *
 * <p>What the definition does not say: an update that does not say that traffic stays moves it to the new revision.
 */
public final class FakeFunctions extends FakeGrpc {
    private static final String SOURCE = "build_config.source";
    private static final String STAYS = "service_config.all_traffic_on_latest_revision";

    private final Map<String, byte[]> uploads = new TreeMap<>();
    private final HttpServer storage = Loopback.serve(this::upload);
    private final FakeRevisions revisions;
    private Function function;
    private int looksWhileDeploying = 2;
    private int looks;

    /**
     * A function that was deployed by somebody and follows its latest revision.
     *
     * @param location {@code projects/P/locations/L}
     * @param name its name
     */
    public FakeFunctions(String location, String name) {
        super(FunctionsProto.getDescriptor(), ServiceProto.getDescriptor());
        revisions = new FakeRevisions(location + "/services/" + name, this::wrong);
        Function.Builder first =
                Function.newBuilder().setName(location + "/functions/" + name).setState(Function.State.ACTIVE);
        first.getBuildConfigBuilder().setRuntime("java21").setEntryPoint("shop.Api");
        first.getServiceConfigBuilder()
                .setService(location + "/services/" + name)
                .setAllTrafficOnLatestRevision(true)
                .setRevision(revisions.add(""));
        function = first.build();
    }

    @Override
    protected List<BindableService> services() {
        return List.of(new Functions(), new Services());
    }

    /**
     * Lets new code take longer.
     *
     * @param times how often one has to look
     */
    public synchronized void takeNewCodeAfter(int times) {
        looksWhileDeploying = times;
    }

    /**
     * What the function answers.
     *
     * @return a word, by the shares of the traffic; empty if it is what was there at first
     */
    public synchronized Optional<String> answer() {
        return revisions.answer();
    }

    /**
     * How often code was made a revision.
     *
     * @param word what it answers
     * @return the number of revisions
     */
    public synchronized int starts(String word) {
        return revisions.starts(word);
    }

    /**
     * The Cloud Run service as it is.
     *
     * @return the service
     */
    public synchronized Service service() {
        return revisions.service();
    }

    /** Somebody else changes something about the service. */
    public synchronized void touch() {
        revisions.touch();
    }

    private void upload(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean right = exchange.getRequestMethod().equals("PUT")
                    && "application/zip".equals(exchange.getRequestHeaders().getFirst("content-type"))
                    && exchange.getRequestHeaders().getFirst("authorization") == null;
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (right) {
                synchronized (this) {
                    uploads.put(exchange.getRequestURI().getPath().substring(1), body);
                }
            }
            exchange.sendResponseHeaders(right ? 200 : 403, -1);
        }
    }

    private synchronized GenerateUploadUrlResponse place() {
        String object = "source-" + (uploads.size() + 1) + ".zip";
        return GenerateUploadUrlResponse.newBuilder()
                .setUploadUrl("http://127.0.0.1:" + storage.getAddress().getPort() + "/" + object)
                .setStorageSource(
                        StorageSource.newBuilder().setBucket("gcf-v2-uploads").setObject(object))
                .build();
    }

    private synchronized void update(UpdateFunctionRequest request) {
        List<String> mask = request.getUpdateMask().getPathsList();
        Function wanted = request.getFunction();
        checkName(wanted.getName());
        if (!mask.contains(SOURCE)
                || mask.stream()
                        .anyMatch(path -> !List.of(SOURCE, STAYS, "labels").contains(path))) {
            throw wrong("UpdateFunction: mask " + mask);
        }
        byte[] source = uploads.get(
                wanted.getBuildConfig().getSource().getStorageSource().getObject());
        if (source == null) {
            throw wrong("UpdateFunction: nothing was uploaded there");
        }
        if (function.getState() == Function.State.DEPLOYING) {
            throw refusal(Code.FAILED_PRECONDITION, "an operation on function " + function.getName() + " is going on");
        }
        boolean stays = mask.contains(STAYS) && !wanted.getServiceConfig().getAllTrafficOnLatestRevision();
        Function.Builder changed =
                function.toBuilder().putAllLabels(wanted.getLabelsMap()).clearStateMessages();
        changed.getServiceConfigBuilder().setAllTrafficOnLatestRevision(!stays);
        String word = word(source);
        if (word.startsWith("sick")) {
            changed.addStateMessages(StateMessage.newBuilder().setMessage("Build failed: " + word));
        } else {
            changed.getServiceConfigBuilder().setRevision(revisions.add(word));
            if (!stays) {
                revisions.followLatest();
            }
        }
        looks = looksWhileDeploying;
        function = changed.setState(Function.State.DEPLOYING).build();
    }

    private void checkName(String name) {
        if (!name.equals(function.getName())) {
            throw refusal(Code.NOT_FOUND, "Resource '" + name + "' was not found");
        }
    }

    private static String word(byte[] source) {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(source))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (List.of("word.txt", "image.txt").contains(entry.getName())) {
                    return new String(zip.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
                }
            }
            return "sick: no word.txt";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized Function get(String name) {
        checkName(name);
        if (function.getState() == Function.State.DEPLOYING && looks-- <= 0) {
            function = function.toBuilder()
                    .setState(function.getStateMessagesCount() == 0 ? Function.State.ACTIVE : Function.State.FAILED)
                    .build();
        }
        return function;
    }

    @Override
    public void close() {
        storage.stop(0);
        super.close();
    }

    private final class Functions extends FunctionServiceImplBase {
        @Override
        public void getFunction(GetFunctionRequest request, StreamObserver<Function> answer) {
            answer(answer, get(request.getName()));
        }

        @Override
        public void generateUploadUrl(
                GenerateUploadUrlRequest request, StreamObserver<GenerateUploadUrlResponse> answer) {
            answer(answer, place());
        }

        @Override
        public void updateFunction(UpdateFunctionRequest request, StreamObserver<Operation> answer) {
            update(request);
            answer(
                    answer,
                    Operation.newBuilder().setName("operations/update-function").build());
        }
    }

    private final class Services extends ServicesImplBase {
        @Override
        public void getService(GetServiceRequest request, StreamObserver<Service> answer) {
            synchronized (FakeFunctions.this) {
                answer(answer, revisions.get(request.getName()));
            }
        }

        @Override
        public void updateService(UpdateServiceRequest request, StreamObserver<Operation> answer) {
            synchronized (FakeFunctions.this) {
                revisions.update(request);
            }
            answer(
                    answer,
                    Operation.newBuilder().setName("operations/update-service").build());
        }
    }
}
