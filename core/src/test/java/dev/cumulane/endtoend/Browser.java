// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.source.GitHubDelivery;
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

/** Whoever calls ingress from outside: GitHub, and a person with a voting link. Both try again when the network fails them. */
public final class Browser {
    private static final Pattern HIDDEN = Pattern.compile("<input[^>]*type=\"hidden\"[^>]*>");
    private static final Pattern ATTRIBUTE = Pattern.compile("(name|value)=\"([^\"]*)\"");
    private static final int MOST_TRIES = 12;
    private static final int SEE_OTHER = 303;
    private static final int CONFLICT = 409;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI ingress;

    public Browser(URI ingress) {
        this.ingress = ingress;
    }

    /** Delivers until it is taken; gives the status code. */
    public int deliver(GitHubDelivery delivery, String secret) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(ingress.resolve("/hooks/shop"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.bytes()));
        delivery.headers(secret).forEach(request::header);
        return send(request).statusCode();
    }

    /** Opens a voting link and approves by its form. */
    public void approve(URI link, String comment) throws InterruptedException {
        HttpResponse<String> page = send(HttpRequest.newBuilder(link));
        if (page.statusCode() != 200) {
            throw new AssertionError("the voting link answers " + page.statusCode());
        }
        Map<String, String> fields = hidden(page.body());
        fields.put("comment", comment);
        fields.put("decision", "approve");
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> voted = send(HttpRequest.newBuilder(link)
                .header("Origin", link.getScheme() + "://" + link.getRawAuthority())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
        // Whose first answer was lost is told that the vote has come.
        boolean counted = voted.statusCode() == CONFLICT && voted.body().contains("approved by ada: " + comment);
        if (voted.statusCode() != SEE_OTHER && !counted) {
            throw new AssertionError("the vote is answered with " + voted.statusCode());
        }
    }

    private static Map<String, String> hidden(String html) {
        Map<String, String> fields = new TreeMap<>();
        Matcher inputs = HIDDEN.matcher(html);
        while (inputs.find()) {
            Map<String, String> attributes = new TreeMap<>();
            Matcher attribute = ATTRIBUTE.matcher(inputs.group());
            while (attribute.find()) {
                attributes.put(attribute.group(1), attribute.group(2));
            }
            fields.put(attributes.getOrDefault("name", ""), attributes.getOrDefault("value", ""));
        }
        return fields;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws InterruptedException {
        String last = "";
        for (int tried = 0; tried < MOST_TRIES; tried++) {
            try {
                HttpResponse<String> answer = http.send(
                        request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() < 500) {
                    return answer;
                }
                last = answer.statusCode() + " " + answer.body();
            } catch (IOException e) {
                last = e.toString();
            }
        }
        throw new AssertionError("ingress does not answer: " + last);
    }
}
