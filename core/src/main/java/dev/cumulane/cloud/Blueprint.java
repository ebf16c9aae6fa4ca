// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Writes the resources and the least-privilege permissions that pipelines need, as the cloud's own template. Called by the command line; does no I/O. */
public interface Blueprint {
    /**
     * The template of an installation.
     *
     * @param demand what the engine needs
     * @param code what the functions run
     * @return the template's text, the same for the same demand and code
     * @throws IllegalArgumentException if this cloud has no place for something; the message names it
     */
    String template(Demand demand, Code code);

    /**
     * What an engine needs of its cloud. {@code Engine.Builder.demand()} finds it.
     *
     * @param plans every pipeline's plan, those of pipelines that stages run among them; sorted by the pipelines' names
     * @param ingressSecrets references of the secrets that prove who asks: of webhooks, of people; sorted
     * @param engineSecrets references of the secrets by which others are asked and told: of forges, of channels; sorted. Those of stages stand in the plans
     * @param repositories the names of the repositories whose webhooks it takes, sorted
     */
    record Demand(
            List<Plan> plans, List<String> ingressSecrets, List<String> engineSecrets, List<String> repositories) {
        /** Sorts, and drops what stands there twice. */
        public Demand {
            plans = plans.stream()
                    .sorted(Comparator.comparing(Plan::pipeline))
                    .distinct()
                    .toList();
            ingressSecrets = sorted(ingressSecrets);
            engineSecrets = sorted(engineSecrets);
            repositories = sorted(repositories);
        }

        private static List<String> sorted(List<String> names) {
            return names.stream().sorted().distinct().toList();
        }
    }

    /**
     * What the functions run.
     *
     * @param entry the binary name of the entry class, such as {@code shop.ci.ShopCi}
     * @param digest the sha-256 of the package that holds it
     */
    record Code(String entry, Digest digest) {
        private static final Pattern CLASS = Pattern.compile("([A-Za-z_$][A-Za-z0-9_$]*\\.)*[A-Za-z_$][A-Za-z0-9_$]*");
        private static final int LONGEST = 128;

        /** Refuses what is no class's name, or longer than the 128 characters that Lambda takes. */
        public Code {
            if (entry.length() > LONGEST || !CLASS.matcher(entry).matches()) {
                throw new IllegalArgumentException("'" + entry.replaceAll("\\p{Cntrl}", "?")
                        + "' is not the name of a class such as 'shop.ci.ShopCi', of at most " + LONGEST
                        + " characters");
            }
        }
    }
}
