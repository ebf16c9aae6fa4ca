// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.util.BinaryData;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Suppliers;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureRest;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.azure.functions.FunctionApp;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Puts packages into function apps, by one-deploy. An app has a tag with the digest of the code that it was given, so that none is given the same twice; a change of the app takes it away. */
final class Packages {
    private static final String TAG = "cumulane-code";
    private static final String TAGS_VERSION = "2021-04-01";
    private static final int SUCCEEDED = 4;
    private static final int FAILED = 3;

    private final AzureClients clients;
    private final AzureNames names;
    private final Pace pace;

    Packages(AzureClients clients, Pace pace) {
        this.clients = clients;
        this.names = clients.connection().names();
        this.pace = pace;
    }

    /** Gives an app its package, unless it has it; tells whether it had to. */
    boolean publish(String app, FunctionApp.Kind kind, Installer.Archive archive, Consumer<String> progress) {
        String code = archive.code().digest().hex();
        URI tags = clients.resource(
                names.resourceId(Kind.APP.type(), app) + "/providers/Microsoft.Resources/tags/default", TAGS_VERSION);
        JsonNode tagged = clients.resourceManager()
                .find("look at the tags of function app " + app, tags)
                .orElse(MissingNode.getInstance());
        if (tagged.at("/properties/tags/" + TAG).asText().equals(code)) {
            return false;
        }
        progress.accept("publishing " + archive.file().getFileName() + " to function app " + app);
        try {
            Path zip = Files.createTempFile("cumulane-", ".zip");
            try {
                new FunctionApp(kind, archive.code().entry()).pack(archive.file(), zip);
                upload(app, zip);
            } finally {
                Files.deleteIfExists(zip);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the package of function app " + app + " cannot be written", e);
        }
        ObjectNode merge = JsonNodeFactory.instance.objectNode().put("operation", "Merge");
        merge.putObject("properties").putObject("tags").put(TAG, code);
        clients.resourceManager()
                .send(
                        "tag function app " + app,
                        new HttpRequest(HttpMethod.PATCH, tags.toString())
                                .setHeader(HttpHeaderName.CONTENT_TYPE, "application/json")
                                .setBody(BinaryData.fromString(merge.toString())));
        return true;
    }

    private void upload(String app, Path zip) {
        AzureService service = new AzureService("Azure Functions", "function app " + app);
        AzureRest rest = new AzureRest(service, Suppliers.memoize(() -> clients.uploads(AzureClients.MANAGEMENT)));
        URI site = clients.endpoint(app + ".scm", () -> "https://" + app + ".scm.azurewebsites.net");
        rest.send(
                "publish its package",
                new HttpRequest(HttpMethod.POST, site + "/api/publish?RemoteBuild=false&Deployer=cumulane")
                        .setHeader(HttpHeaderName.CONTENT_TYPE, "application/zip")
                        .setBody(BinaryData.fromFile(zip)));
        URI latest = URI.create(site + "/api/deployments/latest");
        for (Pace.Waiting waiting = pace.begin(service.name(), service.resource()); ; waiting.pause()) {
            JsonNode deployment = waiting.patiently(() -> rest.get("follow its deployment", latest));
            int status = deployment.path("status").asInt();
            if (status == FAILED) {
                throw CloudException.permanent(
                        service.name(),
                        service.resource() + " did not take its package: "
                                + deployment.path("status_text").asText("it does not say why"));
            }
            if (status == SUCCEEDED) {
                return;
            }
        }
    }
}
