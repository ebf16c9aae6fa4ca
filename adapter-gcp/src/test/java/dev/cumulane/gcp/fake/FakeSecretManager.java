// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloud.secretmanager.v1.AccessSecretVersionRequest;
import com.google.cloud.secretmanager.v1.AccessSecretVersionResponse;
import com.google.cloud.secretmanager.v1.GetSecretVersionRequest;
import com.google.cloud.secretmanager.v1.SecretPayload;
import com.google.cloud.secretmanager.v1.SecretVersion;
import com.google.cloud.secretmanager.v1.ServiceProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/** Secret Manager, as far as the latest version of a secret is looked at and read. */
public final class FakeSecretManager extends FakeProtoService {
    private static final String LATEST = "/versions/latest";

    private final Map<String, Version> secrets = new ConcurrentHashMap<>();

    private record Version(byte[] value, SecretVersion.State state, long crc) {}

    /** A manager that knows no secret. */
    public FakeSecretManager() {
        super(ServiceProto.getDescriptor().findServiceByName("SecretManagerService"));
    }

    /**
     * Adds a version of a secret.
     *
     * @param secret {@code projects/P/secrets/S}
     * @param value its value
     */
    public void add(String secret, byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(value);
        secrets.put(secret, new Version(value.clone(), SecretVersion.State.ENABLED, crc.getValue()));
    }

    /**
     * Disables the latest version of a secret.
     *
     * @param secret {@code projects/P/secrets/S}
     */
    public void disable(String secret) {
        secrets.computeIfPresent(
                secret, (name, old) -> new Version(old.value(), SecretVersion.State.DISABLED, old.crc()));
    }

    /**
     * Lets another value arrive than the one whose checksum is sent.
     *
     * @param secret {@code projects/P/secrets/S}
     */
    public void damage(String secret) {
        secrets.computeIfPresent(secret, (name, old) -> new Version(new byte[] {'?'}, old.state(), old.crc()));
    }

    @Override
    Message call(String method, Message message) {
        if (method.equals("GetSecretVersion")) {
            String name = typed(message, GetSecretVersionRequest.parser()).getName();
            return SecretVersion.newBuilder()
                    .setName(name)
                    .setState(version(name).state())
                    .build();
        }
        if (!method.equals("AccessSecretVersion")) {
            throw unsupported(method);
        }
        String name = typed(message, AccessSecretVersionRequest.parser()).getName();
        Version version = version(name);
        if (version.state() != SecretVersion.State.ENABLED) {
            throw new Refused(400, "FAILED_PRECONDITION", "Secret Version [" + name + "] is in DISABLED state.");
        }
        return AccessSecretVersionResponse.newBuilder()
                .setName(name)
                .setPayload(SecretPayload.newBuilder()
                        .setData(ByteString.copyFrom(version.value()))
                        .setDataCrc32C(version.crc()))
                .build();
    }

    private Version version(String name) {
        Version version =
                name.endsWith(LATEST) ? secrets.get(name.substring(0, name.length() - LATEST.length())) : null;
        if (version == null) {
            throw new Refused(404, "NOT_FOUND", "Secret [" + name + "] not found or has no versions.");
        }
        return version;
    }
}
