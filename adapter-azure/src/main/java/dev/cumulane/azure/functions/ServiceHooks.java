// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.signals.QueueSignals;
import dev.cumulane.azure.work.BuildEvents;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.Secrets;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes service hooks of Azure DevOps, which say that a build is over, and passes on no more of them than that. Azure DevOps signs nothing; a hook shows a secret in a header.
 *
 * <p>It answers 202, 401 or 503 and nothing else: 410 would switch the hook off for good, and other refusals for some time.
 *
 * @param queue takes what is passed on
 * @param secrets knows the secret
 */
record ServiceHooks(QueueSignals queue, Secrets secrets) {
    /** The path that hooks are sent to. */
    static final String PATH = "/devops";

    /** The header in which a hook shows the secret. */
    static final String HEADER = "x-cumulane-key";

    /** The reference of the secret. */
    static final String SECRET = AzureNames.HOOK_KEY;

    private static final Logger LOG = LoggerFactory.getLogger(ServiceHooks.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TAKEN = 202;
    private static final int UNPROVEN = 401;
    private static final int NOT_NOW = 503;

    HttpAnswer answer(HttpRequest request) {
        try {
            if (!proven(request)) {
                return HttpAnswer.text(UNPROVEN, "the header " + HEADER + " does not show the secret");
            }
            told(request).ifPresent(queue::pass);
            return HttpAnswer.text(TAKEN, "accepted");
        } catch (CloudException e) {
            LOG.warn("a service hook could not be passed on: {}", e.toString());
            return HttpAnswer.text(NOT_NOW, "not now; send it again");
        }
    }

    private boolean proven(HttpRequest request) {
        byte[] shown = request.header(HEADER).orElse("").getBytes(UTF_8);
        return secrets.read(SECRET)
                .filter(secret -> secret.length > 0 && MessageDigest.isEqual(secret, shown))
                .isPresent();
    }

    /** What is passed on is written anew: a body of another's making could look like a signal. */
    private static Optional<ObjectNode> told(HttpRequest request) {
        try {
            JsonNode body = JSON.readTree(request.body());
            Optional<ObjectNode> told = BuildEvents.completed(body).map(BuildEvents::event);
            if (told.isEmpty()) {
                LOG.warn("a service hook of type '{}' tells nothing", type(body));
            }
            return told;
        } catch (IOException e) {
            LOG.warn("a service hook is no JSON, of {} bytes", request.body().length);
            return Optional.empty();
        }
    }

    private static String type(JsonNode body) {
        return body.path("eventType").asText().replaceAll("[^A-Za-z0-9.-]", "?");
    }
}
