// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.cloud.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a request asks for, taken apart strictly. Everything in it is from outside.
 *
 * @param request the request
 * @param path the segments of its path, decoded
 * @param query its parameters, decoded
 */
record Asked(HttpRequest request, List<String> path, SortedMap<String, String> query) {
    private static final int LONGEST = 2_000;
    private static final int LONGEST_FORM = 16 * 1024;
    private static final int MOST_PARAMETERS = 20;
    private static final String FORM = "application/x-www-form-urlencoded";

    /** Copies the collections. */
    Asked {
        path = List.copyOf(path);
        query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
    }

    /** Takes a request apart, or refuses it. */
    static Asked of(HttpRequest request) {
        if (request.path().length() > LONGEST || request.query().length() > LONGEST) {
            throw new Refusal(414, "The address is too long.");
        }
        List<String> path = new ArrayList<>();
        if (!request.path().equals("/")) {
            for (String segment : request.path().substring(1).split("/", -1)) {
                path.add(decoded(segment, false));
            }
        }
        return new Asked(request, path, parameters(request.query()));
    }

    /** What was filled in. */
    SortedMap<String, String> form() {
        String type = request.header("content-type").orElse("");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase(FORM)) {
            throw new Refusal(415, "A form is sent as " + FORM + ".");
        }
        if (request.body().length > LONGEST_FORM) {
            throw new Refusal(413, "The form is too large.");
        }
        return parameters(utf8(request.body()));
    }

    boolean isPost() {
        return request.method().equals("POST");
    }

    /** A parameter; empty if it is not there. */
    String parameter(String name) {
        return query.getOrDefault(name, "");
    }

    /** A parameter that is a number from 0; 0 if it is not there. */
    long number(String name) {
        String text = parameter(name);
        if (text.isEmpty()) {
            return 0;
        }
        return Optional.of(text)
                .filter(digits -> digits.matches("[0-9]{1,15}"))
                .map(Long::parseLong)
                .orElseThrow(() -> new Refusal(400, "Parameter '" + name + "' is a number."));
    }

    private static SortedMap<String, String> parameters(String encoded) {
        SortedMap<String, String> all = new TreeMap<>();
        if (encoded.isEmpty()) {
            return all;
        }
        String[] pairs = encoded.split("&", -1);
        if (pairs.length > MOST_PARAMETERS) {
            throw new Refusal(400, "There are too many parameters.");
        }
        for (String pair : pairs) {
            int middle = pair.indexOf('=');
            String name = decoded(middle < 0 ? pair : pair.substring(0, middle), true);
            String value = middle < 0 ? "" : decoded(pair.substring(middle + 1), true);
            if (all.put(name, value) != null) {
                throw new Refusal(400, "A parameter is there twice.");
            }
        }
        return all;
    }

    private static String decoded(String text, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '%') {
                bytes.write(octet(text, i));
                i += 2;
            } else if (letter == '+' && plusIsSpace) {
                bytes.write(' ');
            } else if (letter < 128) {
                bytes.write(letter);
            } else {
                throw malformed();
            }
        }
        return utf8(bytes.toByteArray());
    }

    private static int octet(String text, int at) {
        if (at + 2 >= text.length()) {
            throw malformed();
        }
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        if (high < 0 || low < 0) {
            throw malformed();
        }
        return high * 16 + low;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static Refusal malformed() {
        return new Refusal(400, "The address or the form is not encoded as it should be.");
    }
}
