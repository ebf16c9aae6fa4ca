// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.iam;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Patterns with {@code *} and {@code ?}, and the variables in them. */
final class Wildcards {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final int ARN_PARTS = 6;

    private Wildcards() {}

    static boolean like(String pattern, String text) {
        return Pattern.compile(regex(pattern), Pattern.DOTALL).matcher(text).matches();
    }

    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            // What a variable's value or ${*} put there is marked by a zero byte, and stands for itself.
            if (c == 0) {
                regex.append(Pattern.quote(pattern.substring(++i, i + 1)));
            } else {
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    /** Part by part: a wildcard in one of the first five does not reach into the next. */
    static boolean arnLike(String pattern, String arn) {
        if (pattern.equals("*")) {
            return true;
        }
        String[] patterns = pattern.split(":", ARN_PARTS);
        String[] parts = arn.split(":", ARN_PARTS);
        if (patterns.length < ARN_PARTS || parts.length < ARN_PARTS) {
            return like(pattern, arn);
        }
        for (int i = 0; i < ARN_PARTS; i++) {
            if (!like(patterns[i], parts[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * A pattern with the values of its variables, which stand for themselves.
     *
     * @return empty if the request has no value for one, nor the variable a default: then nothing matches
     */
    static Optional<String> resolved(String pattern, Request request) {
        Matcher matcher = VARIABLE.matcher(pattern);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            Optional<String> value = value(matcher.group(1), request);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(literal(value.get())));
        }
        matcher.appendTail(resolved);
        return Optional.of(resolved.toString());
    }

    private static String literal(String value) {
        StringBuilder marked = new StringBuilder();
        value.chars().forEach(c -> marked.append((char) 0).append((char) c));
        return marked.toString();
    }

    /** The text of a resolved pattern, for operators that know no wildcards. */
    static String plain(String resolved) {
        return resolved.replace("\0", "");
    }

    private static Optional<String> value(String variable, Request request) {
        if (List.of("*", "?", "$").contains(variable)) {
            return Optional.of(variable);
        }
        String[] parts = variable.split(",", 2);
        Optional<String> fallback =
                parts.length == 2 ? Optional.of(parts[1].strip().replaceAll("^'|'$", "")) : Optional.empty();
        return request.values(parts[0].strip())
                .filter(values -> values.size() == 1)
                .map(values -> values.get(0))
                .or(() -> fallback);
    }
}
