// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.internal.html.Address;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** How pages and their files are sent. */
final class Answers {
    /** Nothing of a page comes from anywhere but this engine, and no page of somebody else's shows one of ours. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static final String FOR_GOOD = "public, max-age=31536000, immutable";

    private Answers() {}

    static HttpAnswer html(int status, String document) {
        return of(status, "text/html; charset=utf-8", document.getBytes(UTF_8));
    }

    static HttpAnswer json(String document) {
        return of(200, "application/json", document.getBytes(UTF_8));
    }

    /** There is no news. */
    static HttpAnswer nothing() {
        return new HttpAnswer(204, headers(), new byte[0]);
    }

    /** What was sent is done with; the browser goes on there. */
    static HttpAnswer seeOther(Address address) {
        return new HttpAnswer(303, headers(), new byte[0]).with("location", address.text());
    }

    static HttpAnswer file(Asset asset, HttpRequest request) {
        boolean known = request.header("if-none-match")
                .filter(tags -> tags.contains(asset.tag()))
                .isPresent();
        HttpAnswer answer = known ? new HttpAnswer(304, headers(), new byte[0]) : of(200, asset.type(), asset.bytes());
        return answer.with("etag", asset.tag()).with("cache-control", FOR_GOOD);
    }

    private static HttpAnswer of(int status, String type, byte[] body) {
        return new HttpAnswer(status, headers(), body).with("content-type", type);
    }

    /** What every answer says. */
    static SortedMap<String, String> headers() {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("cache-control", "no-store");
        headers.put("content-security-policy", POLICY);
        headers.put("cross-origin-opener-policy", "same-origin");
        headers.put("cross-origin-resource-policy", "same-origin");
        headers.put("referrer-policy", "same-origin");
        headers.put("x-content-type-options", "nosniff");
        headers.put("x-robots-tag", "noindex");
        return Collections.unmodifiableSortedMap(headers);
    }
}
