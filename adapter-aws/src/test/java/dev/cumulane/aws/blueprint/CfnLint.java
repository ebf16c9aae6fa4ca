// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.contracts.Needed;
import java.nio.file.Files;
import java.nio.file.Path;

/** The linter of CloudFormation templates. */
final class CfnLint {
    private CfnLint() {}

    /** What it has against a template, in its own words; empty if nothing. */
    static String problems(Path directory, String template) throws Exception {
        Needed.program("cfn-lint");
        Path file = Files.writeString(Files.createTempFile(directory, "template-", ".json"), template);
        Process lint = new ProcessBuilder("cfn-lint", "--regions", "eu-west-1", "--", file.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(lint.getInputStream().readAllBytes(), UTF_8);
        lint.waitFor();
        return printed;
    }
}
