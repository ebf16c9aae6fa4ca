// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.util.JsonFormat;

/** A service over REST whose requests and answers are messages of its published definition. */
abstract class FakeProtoService extends FakeGoogle {
    private final ProtoRoutes routes;

    FakeProtoService(ServiceDescriptor service) {
        routes = new ProtoRoutes(service);
    }

    /**
     * Does what a call asks for.
     *
     * @param method the method's name
     * @param message its request
     * @return its answer
     */
    abstract Message call(String method, Message message);

    @Override
    protected Answer handle(Request request) {
        ProtoRoutes.Call call = routes.read(request);
        try {
            return Answer.of(200, JsonFormat.printer().print(call(call.method(), call.message())));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T typed(Message message, Parser<T> parser) {
        try {
            return parser.parseFrom(message.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    static Refused unsupported(String method) {
        return new Refused(501, "UNIMPLEMENTED", "this fake has no " + method);
    }
}
