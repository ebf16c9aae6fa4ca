// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page of an approval, used as a browser uses it: the form is opened, filled in and sent. */
final class ApprovalForm {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern INPUT = Pattern.compile("<input[^>]*>");
    private static final Pattern ATTRIBUTE = Pattern.compile("(name|value)=\"([^\"]*)\"");
    private static final int SEE_OTHER = 303;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI page;

    /**
     * The form of an approval.
     *
     * @param page the page's address
     */
    ApprovalForm(URI page) {
        this.page = page;
    }

    /**
     * Approves.
     *
     * @param by who says so
     * @param comment why
     * @throws CloudException permanent, if the page does not take it; the message has the status code
     */
    void approve(String by, String comment) throws IOException, InterruptedException {
        Map<String, String> fields =
                hidden(send(HttpRequest.newBuilder(page), 200).body());
        fields.put("by", by);
        fields.put("comment", comment);
        fields.put("decision", "approve");
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        send(
                HttpRequest.newBuilder(page)
                        .header("Origin", page.getScheme() + "://" + page.getRawAuthority())
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)),
                SEE_OTHER);
    }

    /** What the form holds already: the proof that it is the page's own, and what is being decided. */
    private static Map<String, String> hidden(String html) {
        Map<String, String> fields = new TreeMap<>();
        Matcher inputs = INPUT.matcher(html);
        while (inputs.find()) {
            Map<String, String> attributes = new TreeMap<>();
            Matcher attribute = ATTRIBUTE.matcher(inputs.group());
            while (attribute.find()) {
                attributes.put(attribute.group(1), attribute.group(2));
            }
            if (inputs.group().contains("type=\"hidden\"")) {
                fields.put(attributes.getOrDefault("name", ""), attributes.getOrDefault("value", ""));
            }
        }
        return fields;
    }

    private HttpResponse<String> send(HttpRequest.Builder request, int expected)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != expected) {
            throw CloudException.permanent(
                    "pages", page + " answered " + answer.statusCode() + " instead of " + expected);
        }
        return answer;
    }
}
