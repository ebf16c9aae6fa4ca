// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureRest;
import dev.cumulane.cloud.Pace;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/** The key vault while it is installed and removed, by the resource manager, which writes secrets and never reads them. */
final class InstalledVault {
    private static final String VERSION = "2023-07-01";
    private static final int KEY_BYTES = 32;

    private final AzureClients clients;
    private final AzureNames names;
    private final AzureRest rest;
    private final Pace pace;

    InstalledVault(AzureClients clients, Pace pace) {
        this.clients = clients;
        this.names = clients.connection().names();
        this.rest = clients.resourceManager();
        this.pace = pace;
    }

    /** Makes the key of tickets, of which nobody needs to know the value, unless there is one; tells whether it had to. */
    boolean makeTicketKey(Consumer<String> progress) {
        String vault = names.resourceId(Kind.VAULT.type(), names.vault());
        URI secret = clients.resource(vault + "/secrets/" + AzureNames.TICKET_KEY, VERSION);
        if (rest.find("look for secret " + AzureNames.TICKET_KEY, secret).isPresent()) {
            return false;
        }
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("properties").put("value", HexFormat.of().formatHex(key));
        rest.put("make secret " + AzureNames.TICKET_KEY, secret, body);
        progress.accept("secret " + AzureNames.TICKET_KEY + " is made");
        return true;
    }

    /** Frees the name of a vault that was deleted. */
    void purge(Consumer<String> progress) {
        Optional<URI> deleted = deleted("");
        if (deleted.isEmpty() || !isDeleted(deleted.get())) {
            return;
        }
        progress.accept("purging key vault " + names.vault());
        rest.post("purge " + names.vault(), deleted("/purge").orElseThrow(), "application/json", new byte[0]);
        Pace.Waiting waiting = pace.begin(DeploymentStack.SERVICE, "key vault " + names.vault());
        while (waiting.patiently(() -> isDeleted(deleted.get()))) {
            waiting.pause();
        }
    }

    private boolean isDeleted(URI address) {
        return rest.find("look for key vault " + names.vault(), address).isPresent();
    }

    /** Deleted vaults are kept where they were, which is where the resource group is. */
    private Optional<URI> deleted(String operation) {
        String subscription = "/subscriptions/" + names.subscription();
        return rest.find(
                        "look at resource group " + names.resourceGroup(),
                        clients.resource(subscription + "/resourceGroups/" + names.resourceGroup(), "2021-04-01"))
                .map(group -> clients.resource(
                        subscription + "/providers/Microsoft.KeyVault/locations/"
                                + group.path("location").asText() + "/deletedVaults/" + names.vault() + operation,
                        VERSION));
    }
}
