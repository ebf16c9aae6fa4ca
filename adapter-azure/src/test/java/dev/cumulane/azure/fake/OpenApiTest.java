// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.contracts.PublishedContracts;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds requests and answers against the published interfaces lets right ones through and refuses wrong ones. */
@Tag("contracts")
final class OpenApiTest {
    private static final String IN_PROJECT = "https://dev.azure.com/shop/web%20shop/_apis/";
    private static final String IN_ORGANIZATION = "https://dev.azure.com/shop/_apis/";

    private static OpenApi api(String area) throws IOException {
        return OpenApi.read(PublishedContracts.file("azure-devops/" + area + ".json"));
    }

    private static List<String> wrong(String area, String base, String method, String path, String body)
            throws IOException {
        byte[] sent = body.replace('\'', '"').getBytes(UTF_8);
        return api(area).request(method, URI.create(base + path), sent);
    }

    @Test
    void right_requests_to_approvals_pass() throws IOException {
        String given =
                "[{'approvalId': '0b1f6471-1bf0-4dda-aec3-cb9272f09590', 'status': 'approved', 'comment': 'yes'}]";

        assertThat(wrong("pipelinesapproval", IN_PROJECT, "PATCH", "pipelines/approvals?api-version=7.1", given))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "PATCH | pipelines/approvals | [{'approvalId': '0b1f6471-1bf0-4dda-aec3-cb9272f09590', 'status': 'approved', 'comment': 'yes'}]",
                "PATCH | pipelines/approvals?api-version=7.0 | [{'approvalId': '0b1f6471-1bf0-4dda-aec3-cb9272f09590', 'status': 'approved', 'comment': 'yes'}]",
                "PATCH | pipelines/approvals?api-version=7.1 | ~~",
                "PATCH | pipelines/approvals?api-version=7.1 | {'approvalId': '0b1f6471-1bf0-4dda-aec3-cb9272f09590'}",
                "PATCH | pipelines/approvals?api-version=7.1 | [{'approvalId': 7}]",
                "PATCH | pipelines/approvals?api-version=7.1 | [{'approvalId': 'seven', 'status': 'approved'}]",
                "PATCH | pipelines/approvals?api-version=7.1 | [{'id': '0b1f6471-1bf0-4dda-aec3-cb9272f09590'}]",
                "PATCH | pipelines/approvals?api-version=7.1 | [{'status': 'yes'}]",
                "PATCH | pipelines/approvals?api-version=7.1 | [{'comment': {}}]",
                "PATCH | pipelines/approvals?api-version=7.1&status=approved | [{'approvalId': '0b1f6471-1bf0-4dda-aec3-cb9272f09590', 'status': 'approved', 'comment': 'yes'}]",
                "POST | pipelines/approvals?api-version=7.1 | [{'approvalId': '0b1f6471-1bf0-4dda-aec3-cb9272f09590', 'status': 'approved', 'comment': 'yes'}]",
                "PATCH | pipelines/approvals/0b1f6471-1bf0-4dda-aec3-cb9272f09590?api-version=7.1 | [{'approvalId': '0b1f6471-1bf0-4dda-aec3-cb9272f09590', 'status': 'approved', 'comment': 'yes'}]"
            })
    void wrong_requests_to_approvals_are_refused(String method, String path, String body) throws IOException {
        assertThat(wrong("pipelinesapproval", IN_PROJECT, method, path, body)).isNotEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "POST | pipelines/7/runs?api-version=7.1 | {'templateParameters': {'a': 'b'}, 'variables': {'X': {'value': 'y', 'isSecret': true}}}",
                "POST | pipelines/7/preview?api-version=7.1 | {'previewRun': true}",
                "GET | pipelines/7/runs/8?api-version=7.1 | ~~"
            })
    void right_requests_to_pipelines_pass(String method, String path, String body) throws IOException {
        assertThat(wrong("pipelines", IN_PROJECT, method, path, body)).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "POST | pipelines/7/runs | {}",
                "POST | pipelines/7/runs?api-version=7.0 | {}",
                "POST | pipelines/seven/runs?api-version=7.1 | {}",
                "POST | pipelines/7/runs?api-version=7.1 | ~~",
                "POST | pipelines/7/runs?api-version=7.1 | []",
                "POST | pipelines/7/runs?api-version=7.1 | {",
                "POST | pipelines/7/runs?api-version=7.1 | {'parameters': {}}",
                "POST | pipelines/7/runs?api-version=7.1 | {'templateParameters': {'a': 5}}",
                "POST | pipelines/7/runs?api-version=7.1 | {'variables': {'X': 'y'}}",
                "POST | pipelines/7/runs?api-version=7.1 | {'variables': {'X': {'value': 'y', 'secret': true}}}",
                "POST | pipelines/7/runs?api-version=7.1 | {'stagesToSkip': 'build'}",
                "POST | pipelines/7/runs?api-version=7.1&token=4f | {}",
                "POST | pipelines/7/runs?api-version=7.1 | {'resources': {'repositories': {'self': {'ref': 'main'}}}}",
                "PUT | pipelines/7/runs?api-version=7.1 | {}",
                "GET | pipelines/7/runs/8?api-version=7.1 | {}",
                "POST | pipeline/7/runs?api-version=7.1 | {}"
            })
    void wrong_requests_to_pipelines_are_refused(String method, String path, String body) throws IOException {
        assertThat(wrong("pipelines", IN_PROJECT, method, path, body)).isNotEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "GET | build/builds?api-version=7.1&buildNumber=a_b_1&$top=20&queryOrder=queueTimeDescending | ~~",
                "PATCH | build/builds/4?api-version=7.1 | {'status': 'cancelling'}",
                "PUT | build/builds/4/tags/a_b_1?api-version=7.1 | ~~",
                "GET | build/builds/4/logs/1?api-version=7.1&startLine=3 | ~~"
            })
    void right_requests_to_builds_pass(String method, String path, String body) throws IOException {
        assertThat(wrong("build", IN_PROJECT, method, path, body)).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "GET | build/builds | ~~",
                "GET | build/builds?api-version=6.0 | ~~",
                "GET | build/builds?api-version=7.1&api-version=7.1 | ~~",
                "GET | build/builds?api-version=7.1&name=a | ~~",
                "GET | build/builds?api-version=7.1&statusFilter=running | ~~",
                "GET | build/builds?api-version=7.1&queryOrder=newest | ~~",
                "GET | build/builds?api-version=7.1&$top=many | ~~",
                "GET | build/builds?api-version=7.1&tagFilters= | ~~",
                "GET | build/builds/four?api-version=7.1 | ~~",
                "PATCH | build/builds/4?api-version=7.1 | {'status': 'stopped'}",
                "PATCH | build/builds/4?api-version=7.1 | {'state': 'cancelling'}",
                "PATCH | build/builds/4?api-version=7.1 | {'id': 'four'}",
                "PATCH | build/builds/4?api-version=7.1 | {'queueTime': 'today'}",
                "PATCH | build/builds/4?api-version=7.1 | {'tags': ['a', 5]}",
                "PATCH | build/builds/4?api-version=7.1&retry=perhaps | {}",
                "PUT | build/builds/4/tags/a?api-version=7.1 | {}",
                "POST | build/builds/4/tags/a?api-version=7.1 | ~~",
                "PUT | build/builds/4/labels/a?api-version=7.1 | ~~"
            })
    void wrong_requests_to_builds_are_refused(String method, String path, String body) throws IOException {
        assertThat(wrong("build", IN_PROJECT, method, path, body)).isNotEmpty();
    }

    @Test
    void right_requests_to_service_hooks_pass() throws IOException {
        String subscription =
                "{'publisherId': 'tfs', 'eventType': 'build.complete', 'consumerInputs': {'url': 'https://example.com'}}";

        assertThat(wrong("serviceHooks", IN_ORGANIZATION, "POST", "hooks/subscriptions?api-version=7.1", subscription))
                .isEmpty();
        assertThat(wrong("serviceHooks", IN_ORGANIZATION, "GET", "hooks/subscriptions?api-version=7.1", ""))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "POST | hooks/subscriptions | {}",
                "POST | hooks/subscriptions?api-version=7.1 | ~~",
                "POST | hooks/subscriptions?api-version=7.1 | {'publisher': 'tfs'}",
                "POST | hooks/subscriptions?api-version=7.1 | {'eventType': ['build.complete']}",
                "POST | hooks/subscriptions?api-version=7.1 | {'consumerInputs': 'https://example.com'}",
                "POST | hooks/subscriptions?api-version=7.1 | {'consumerInputs': {'url': {}}}",
                "POST | hooks/subscriptions?api-version=7.1 | {'status': 'on'}",
                "POST | hooks/subscriptions?api-version=7.1 | {'id': '4'}",
                "POST | hooks/subscriptions?api-version=7.1 | {'createdDate': '23.11.2026'}",
                "GET | hooks/subscriptions?api-version=7.1&project=shop | ~~",
                "PATCH | hooks/subscriptions?api-version=7.1 | {}",
                "DELETE | hooks/subscriptions/4?api-version=7.1 | {}",
                "GET | hooks/subscriptions/4/notifications?api-version=7.1&status=lost | ~~"
            })
    void wrong_requests_to_service_hooks_are_refused(String method, String path, String body) throws IOException {
        assertThat(wrong("serviceHooks", IN_ORGANIZATION, method, path, body)).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'count': 2, 'value': [{'id': 4}]}",
                "{'count': 1, 'value': [{'id': '4'}]}",
                "{'count': 1, 'value': [{'id': 4, 'status': 'running'}]}",
                "{'count': 1, 'value': [{'number': 4}]}",
                "[{'id': 4}]",
                "{}"
            })
    void wrong_answers_are_refused(String body) throws IOException {
        URI uri = URI.create(IN_PROJECT + "build/builds?api-version=7.1");

        assertThat(api("build").answer("GET", uri, 200, body.replace('\'', '"').getBytes(UTF_8)))
                .isNotEmpty();
        assertThat(api("build").answer("GET", uri, 200, "{\"count\": 1, \"value\": [{\"id\": 4}]}".getBytes(UTF_8)))
                .isEmpty();
        assertThat(api("build").answer("GET", uri, 204, new byte[0])).isNotEmpty();
    }
}
