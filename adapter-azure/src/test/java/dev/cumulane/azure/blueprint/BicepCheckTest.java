// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static dev.cumulane.cloud.contract.Installed.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the judge of Bicep refuses what its compiler would. */
class BicepCheckTest {
    private static final String TEMPLATE =
            Samples.blueprint().template(Samples.demand(plan("shop", true)), Samples.CODE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "resource vault '|resource queues '|two resources are called queues",
                "  parent: tables|  parent: table|nothing is called table",
                "  parent: tables|  parent: queues|journal is a part of something else",
                "  parent: tables||journal is a part, and not said of what",
                "Insights/components@|Insights/component@|is no type that we know",
                "vaults@2023-07-01|vaults@2023-07-02|has no version 2023-07-02",
                "scope: journal|scope: nowhere|nothing is called nowhere",
                "ingressApp.properties.defaultHostName|ingressApp.host|is nothing that a resource has",
                "tenant().tenantId|tenants().tenantId|is no function that we know",
                "    enableRbacAuthorization: true|    enableRbacAuthorization: true, a: 1|a line ends too late or too early",
                "    enableSoftDelete: true|    enableRbacAuthorization: true|stands there twice",
                "  kind: 'StorageV2'|  kind: 'StorageV2|a text has no end",
                "  kind: 'StorageV2'|  kind: 'Storage\\V2'|stands for nothing",
                "  kind: 'StorageV2'|  type: 'StorageV2'|is no property of resources",
                "targetScope = 'resourceGroup'|targetScope = 'subscription'|the scope is not a resource group",
                "name: 'signals'|name: 'signals-'|is no name for",
                "name: 'signals-poison'|name: 'signals'|is called like another resource",
                "output ingress|outputs ingress|begins no statement"
            })
    void what_the_compiler_would_refuse_is_refused(String written, String wrong, String why) {
        assertThat(TEMPLATE).contains(written);
        String template = TEMPLATE.replaceFirst(
                Pattern.quote(written), Matcher.quoteReplacement(wrong == null ? "" : wrong.stripTrailing()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BicepCheck.compile(template))
                .withMessageContaining(why);
    }

    @Test
    void a_brace_too_few_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BicepCheck.compile(TEMPLATE.substring(0, TEMPLATE.lastIndexOf('}'))));
    }

    @Test
    void resources_that_wait_for_each_other_are_refused() {
        String circle = """
                resource one 'Microsoft.KeyVault/vaults@2023-07-01' = {
                  name: 'one'
                  properties: {
                    other: two.id
                  }
                }
                resource two 'Microsoft.KeyVault/vaults@2023-07-01' = {
                  name: 'two'
                  properties: {
                    other: one.id
                  }
                }
                """;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BicepCheck.compile(circle))
                .withMessageContaining("one waits for itself");
    }

    @Test
    void texts_that_look_like_expressions_stay_texts() {
        String quoted = """
                resource one 'Microsoft.KeyVault/vaults@2023-07-01' = {
                  name: 'one'
                  properties: {
                    a: 'it\\'s \\${not} one'
                    b: '[neither]'
                  }
                }
                """;

        assertThat(BicepCheck.compile(quoted).at("/resources/0/properties").toString())
                .isEqualTo("{\"a\":\"it's ${not} one\",\"b\":\"[[neither]\"}");
    }
}
