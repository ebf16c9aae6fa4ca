// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.net.UrlEscapers;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.engine.Engine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser at an engine's pages. */
final class Visit {
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([a-z]+)\" value=\"([^\"]*)\">");

    private final Engine engine;
    private final Map<String, List<String>> headers = new TreeMap<>(Map.of("host", List.of("127.0.0.1:8080")));

    Visit(Engine engine) {
        this.engine = engine;
    }

    /** The same visitor, sending this header from now on. */
    Visit sending(String name, String value) {
        headers.put(name, List.of(value));
        return this;
    }

    HttpAnswer get(String address) {
        return send("GET", address, "");
    }

    /** The page, which has to be there. */
    String page(String address) {
        HttpAnswer answer = get(address);
        if (answer.status() != 200) {
            throw new AssertionError(address + " is answered with " + answer.status() + ": " + text(answer));
        }
        return text(answer);
    }

    /** Sends a form with what its page hides in it and what is filled in. */
    HttpAnswer fill(String address, Map<String, String> filled) {
        Map<String, String> form = new TreeMap<>(hidden(address));
        form.putAll(filled);
        return post(address, form);
    }

    /** What a page hides in its form. */
    Map<String, String> hidden(String address) {
        Map<String, String> hidden = new TreeMap<>();
        Matcher field = HIDDEN.matcher(text(get(address)));
        while (field.find()) {
            hidden.put(field.group(1), field.group(2));
        }
        return hidden;
    }

    HttpAnswer post(String address, Map<String, String> form) {
        headers.putIfAbsent("content-type", List.of("application/x-www-form-urlencoded"));
        return send(
                "POST",
                address,
                form.entrySet().stream()
                        .map(field -> field.getKey() + "="
                                + UrlEscapers.urlFormParameterEscaper().escape(field.getValue()))
                        .collect(Collectors.joining("&")));
    }

    HttpAnswer send(String method, String address, String body) {
        int query = address.indexOf('?');
        return engine.answer(HttpRequest.of(
                method,
                query < 0 ? address : address.substring(0, query),
                query < 0 ? "" : address.substring(query + 1),
                headers,
                body.getBytes(UTF_8)));
    }

    static String text(HttpAnswer answer) {
        return new String(answer.body(), UTF_8);
    }
}
