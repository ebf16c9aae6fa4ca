// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;
import com.azure.core.util.Context;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.common.base.Suppliers;
import com.google.common.net.UrlEscapers;
import dev.cumulane.cloud.CloudException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The REST interface of a project of Azure DevOps, in version 7.1. Calls are repeated as {@link AzureClients#rest} does, but for {@link #postOnce}. Any thread.
 *
 * <p>Who has no right is not always refused with a code of 400 and more: Azure DevOps shows a page to sign in. Whatever is no JSON counts as that.
 */
public final class DevOpsApi {
    /** What a token for Azure DevOps is asked for; the id is that of Azure DevOps in every tenant. */
    public static final String SCOPE = "499b84ac-1321-427f-aa17-267ca6975798/.default";

    private static final String SERVICE = "Azure DevOps";
    private static final String VERSION = "api-version=7.1";
    private static final String USUAL = "https://dev.azure.com";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_MESSAGE = 300;
    private static final int NOT_FOUND = 404;
    private static final int TIMEOUT = 408;
    private static final int FIRST_ERROR = 400;
    private static final int SERVERS_FAULT = 500;
    private static final int SIGN_IN = 203;

    private final String shown;
    private final AzureService service;
    private final Supplier<String> base;
    private final Supplier<HttpPipeline> patient;
    private final Supplier<HttpPipeline> once;

    /**
     * The interface of a project. Does no I/O.
     *
     * @param clients make the pipelines, on first use; the service's name among their endpoints is {@code devops}
     * @param project which
     * @param accessToken makes a personal access token, for installations that an identity of Azure is not known to; empty for that identity
     */
    public DevOpsApi(AzureClients clients, DevOpsProject project, Optional<Supplier<String>> accessToken) {
        this.shown = project.toString();
        this.service = new AzureService(SERVICE, "project " + shown);
        String path = "/" + project.organization() + "/"
                + UrlEscapers.urlPathSegmentEscaper().escape(project.project()) + "/_apis/";
        this.base = Suppliers.memoize(() -> clients.endpoint("devops", () -> USUAL) + path);
        this.patient = Suppliers.memoize(() -> clients.rest(authentication(clients, accessToken)));
        this.once = Suppliers.memoize(() -> clients.restOnce(authentication(clients, accessToken)));
    }

    private static HttpPipelinePolicy authentication(AzureClients clients, Optional<Supplier<String>> accessToken) {
        return accessToken
                .map(DevOpsApi::basic)
                .orElseGet(() -> new BearerTokenAuthenticationPolicy(clients.credential(), SCOPE));
    }

    /** A personal access token is a password without a name. */
    private static HttpPipelinePolicy basic(Supplier<String> accessToken) {
        return new HttpPipelineSyncPolicy() {
            @Override
            protected void beforeSendingRequest(HttpPipelineCallContext call) {
                byte[] value = (":" + accessToken.get()).getBytes(UTF_8);
                String shown = "Basic " + Base64.getEncoder().encodeToString(value);
                call.getHttpRequest().setHeader(HttpHeaderName.AUTHORIZATION, shown);
            }
        };
    }

    /**
     * Reads something.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param path below {@code _apis/}, such as {@code build/builds/417}
     * @param query names and values; the version goes without saying
     * @return the answer; empty if there is no such thing
     * @throws CloudException if the service refuses, or does not answer
     */
    public Optional<JsonNode> get(String attempt, String path, Map<String, String> query) {
        return send(patient.get(), attempt, new HttpRequest(HttpMethod.GET, url(path, query)));
    }

    /**
     * Changes something that is the same after the second time as after the first.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param method such as PATCH
     * @param path below {@code _apis/}
     * @param body what is sent; nothing if it is missing
     * @return the answer; empty if there is no such thing
     * @throws CloudException if the service refuses, or does not answer
     */
    public Optional<JsonNode> change(String attempt, HttpMethod method, String path, JsonNode body) {
        return send(patient.get(), attempt, request(method, path, body));
    }

    /**
     * Starts something that would be started twice if it was asked twice. A failure that may pass does not say that nothing was started.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param path below {@code _apis/}
     * @param body what is sent
     * @return the answer; empty if there is nothing of this path
     * @throws CloudException if the service refuses, or does not answer
     */
    public Optional<JsonNode> postOnce(String attempt, String path, JsonNode body) {
        return send(once.get(), attempt, request(HttpMethod.POST, path, body));
    }

    private HttpRequest request(HttpMethod method, String path, JsonNode body) {
        HttpRequest request = new HttpRequest(method, url(path, Map.of()));
        return body.isMissingNode()
                ? request.setBody(new byte[0])
                : request.setHeader(HttpHeaderName.CONTENT_TYPE, "application/json")
                        .setBody(body.toString());
    }

    private String url(String path, Map<String, String> query) {
        StringBuilder url =
                new StringBuilder(base.get()).append(path).append('?').append(VERSION);
        query.forEach((name, value) -> url.append('&')
                .append(name)
                .append('=')
                .append(UrlEscapers.urlFormParameterEscaper().escape(value)));
        return url.toString();
    }

    private Optional<JsonNode> send(HttpPipeline pipeline, String attempt, HttpRequest request) {
        request.setHeader(HttpHeaderName.ACCEPT, "application/json");
        return service.call(attempt, () -> {
            try (HttpResponse response = pipeline.sendSync(request, Context.NONE)) {
                return answer(
                        attempt,
                        response.getStatusCode(),
                        response.getBodyAsBinaryData().toBytes());
            }
        });
    }

    private Optional<JsonNode> answer(String attempt, int status, byte[] body) {
        if (status == NOT_FOUND) {
            return Optional.empty();
        }
        JsonNode json = read(body);
        if (status < FIRST_ERROR && status != SIGN_IN && !json.isMissingNode()) {
            return Optional.of(json);
        }
        String reason = status >= FIRST_ERROR
                ? status + " " + json.path("message").asText("")
                : "it shows a page to sign in, so the identity is not known to it";
        String message = "could not " + attempt + " (project " + shown + "): " + shortened(reason.strip());
        boolean mayPass = status == TIMEOUT || status == AzureService.TOO_MANY || status >= SERVERS_FAULT;
        throw mayPass ? CloudException.retryable(SERVICE, message) : CloudException.permanent(SERVICE, message);
    }

    private static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(new String(body, UTF_8));
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE - 3) + "..." : line;
    }

    /**
     * Where people look at something of the project.
     *
     * @param path below the project, such as {@code _build}
     * @return an address
     */
    public String page(String path) {
        return base.get().replaceFirst("_apis/$", path);
    }

    /** Organization and project. */
    @Override
    public String toString() {
        return shown;
    }
}
