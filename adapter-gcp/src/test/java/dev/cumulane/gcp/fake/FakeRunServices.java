// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloud.run.v2.GetServiceRequest;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServiceProto;
import com.google.protobuf.Message;
import java.util.Optional;
import java.util.function.Function;

/** Cloud Run over REST, as far as services are looked at. */
public final class FakeRunServices extends FakeProtoService {
    private final Function<String, Optional<Service>> services;

    /**
     * Services that somebody else changes.
     *
     * @param services gives a service by its name, {@code projects/P/locations/L/services/S}
     */
    public FakeRunServices(Function<String, Optional<Service>> services) {
        super(ServiceProto.getDescriptor().findServiceByName("Services"));
        this.services = services;
    }

    @Override
    Message call(String method, Message message) {
        if (!method.equals("GetService")) {
            throw unsupported(method);
        }
        String name = typed(message, GetServiceRequest.parser()).getName();
        return services.apply(name)
                .orElseThrow(() -> new Refused(404, "NOT_FOUND", "Resource '" + name + "' was not found"));
    }
}
