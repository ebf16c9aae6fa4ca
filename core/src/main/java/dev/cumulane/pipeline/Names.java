// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.regex.Pattern;

/** The rule for names that people give and that end up in keys, file names and cloud resources. */
final class Names {
    /** The longest name; leaves room for our prefixes in the shortest limit of the clouds' resource names, 63. */
    static final int LONGEST = 40;

    private static final int LONGEST_VALUE = 4 * 1024;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    private Names() {}

    static String check(String kind, String name) {
        if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(kind + " name " + shown(name) + " is not usable: 1 to " + LONGEST
                    + " lower-case letters, digits and single hyphens, starting with a letter, such as 'unit-tests'");
        }
        return name;
    }

    static String checkVariable(String name) {
        if (!VARIABLE.matcher(name).matches()) {
            throw new IllegalArgumentException("environment variable name " + shown(name)
                    + " is not usable: an upper-case letter, then up to 63 upper-case letters, digits and underscores");
        }
        for (String prefix : new String[] {
            "CUMULANE_",
            "GIT_",
            "LD_",
            "DYLD_",
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "MAVEN_OPTS",
            "MAVEN_ARGS",
            "BASH_ENV",
            "ENV",
            "IFS",
            "PATH",
            "NODE_OPTIONS",
            "SHELLOPTS",
            "PS4"
        }) {
            boolean taken = prefix.endsWith("_") ? name.startsWith(prefix) : name.equals(prefix);
            if (taken) {
                throw new IllegalArgumentException("environment variable " + name
                        + " cannot be set by a pipeline: it steers the shell, git, Maven, the JVM or Cumulane itself");
            }
        }
        return name;
    }

    static String checkValue(String name, String value) {
        if (value.length() > LONGEST_VALUE || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "the value of " + shown(name) + " is longer than " + LONGEST_VALUE + " characters or holds a NUL");
        }
        return value;
    }

    /** The value in quotes, cut and without control characters, fit for one line of an error message. */
    static String shown(String value) {
        String cut = value.length() > 80 ? value.substring(0, 77) + "..." : value;
        return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
