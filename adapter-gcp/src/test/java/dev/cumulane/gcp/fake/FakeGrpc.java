// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.grpc.util.TransmitStatusRuntimeExceptionInterceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Services of Google on loopback, on their published gRPC stubs. What is against the published definition is refused with {@code INVALID_ARGUMENT} and remembered; calls can fail, and
 * answers can be lost.
 */
public abstract class FakeGrpc implements AutoCloseable {
    private static final Metadata.Key<String> ROUTING =
            Metadata.Key.of("x-goog-request-params", Metadata.ASCII_STRING_MARSHALLER);

    private final ProtoRules rules;
    private final List<String> violations = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private Status refusal = Status.OK;
    private int refused;
    private String losing = "";
    private int lost;
    private @Nullable Server server;

    private record Asked(String method, Message request) {}

    /**
     * Services.
     *
     * @param files the definitions of what they take
     */
    protected FakeGrpc(FileDescriptor... files) {
        rules = new ProtoRules(files);
    }

    /**
     * What is served; asked once, by the first call.
     *
     * @return the services
     */
    protected abstract List<BindableService> services();

    /**
     * Where it listens, from the first call on.
     *
     * @return its address
     */
    public final URI endpoint() {
        return URI.create("http://127.0.0.1:" + server().getPort());
    }

    /**
     * Lets the next calls fail before anything happens.
     *
     * @param times how many
     * @param code how
     */
    public final synchronized void refuse(int times, Status.Code code) {
        refused = times;
        refusal = code.toStatus().withDescription("the test wants it so");
    }

    /**
     * Lets the next calls of a method take effect and loses their answers.
     *
     * @param method its name
     * @param times how many
     */
    public final synchronized void loseAnswersOf(String method, int times) {
        losing = method;
        lost = times;
    }

    /**
     * What was against the definition or the service's documentation.
     *
     * @return a line for each
     */
    public final synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /**
     * The requests of a method.
     *
     * @param method its name
     * @return the requests that came to it, in their order
     */
    public final synchronized List<Message> requests(String method) {
        return asked.stream()
                .filter(one -> one.method().equals(method))
                .map(Asked::request)
                .toList();
    }

    /**
     * A request that the service would refuse, which our adapter must never send.
     *
     * @param message what is wrong
     * @return the exception to throw
     */
    protected final synchronized StatusRuntimeException wrong(String message) {
        violations.add(message);
        return Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException();
    }

    /**
     * A refusal that a right request can meet.
     *
     * @param code how
     * @param message what is so
     * @return the exception to throw
     */
    protected static StatusRuntimeException refusal(Status.Code code, String message) {
        return code.toStatus().withDescription(message).asRuntimeException();
    }

    /**
     * Answers a call.
     *
     * @param to who waits for it
     * @param answer the answer
     * @param <T> its type
     */
    protected static <T> void answer(StreamObserver<T> to, T answer) {
        to.onNext(answer);
        to.onCompleted();
    }

    @Override
    public void close() {
        server().shutdownNow();
        try {
            if (!server().awaitTermination(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the fake does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Status fault() {
        return refused-- > 0 ? refusal : Status.OK;
    }

    private synchronized boolean loses(String method) {
        return method.equals(losing) && lost-- > 0;
    }

    private void check(String method, Message request, Metadata headers) {
        synchronized (this) {
            asked.add(new Asked(method, request));
        }
        List<String> wrong = rules.violations(request, method.startsWith("Create"));
        if (!wrong.isEmpty()) {
            throw wrong(method + ": " + String.join(", ", wrong));
        }
        if (!headers.containsKey(ROUTING)) {
            throw wrong(method + ": no header says where the request is to be routed to");
        }
    }

    private synchronized Server server() {
        Server there = server;
        if (there == null) {
            NettyServerBuilder builder =
                    NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            services().forEach(builder::addService);
            builder.intercept(new Checking()).intercept(TransmitStatusRuntimeExceptionInterceptor.instance());
            try {
                there = builder.build().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server = there;
        }
        return there;
    }

    /** Looks at each request before the service does. */
    private final class Checking implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
            Status fault = fault();
            if (!fault.isOk()) {
                call.close(fault, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            ServerCall<Q, A> answering = loses(method) ? new Lost<>(call) : call;
            return new SimpleForwardingServerCallListener<>(next.startCall(answering, headers)) {
                @Override
                public void onMessage(Q message) {
                    check(method, (Message) message, headers);
                    super.onMessage(message);
                }
            };
        }
    }

    /** A call whose answer never arrives. */
    private static final class Lost<Q, A> extends SimpleForwardingServerCall<Q, A> {
        Lost(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            // Lost with the answer.
        }

        @Override
        public void sendMessage(A message) {
            // Lost.
        }

        @Override
        public void close(Status status, Metadata trailers) {
            super.close(Status.UNAVAILABLE.withDescription("the answer is lost"), new Metadata());
        }
    }
}
