// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The evaluator decides as pages of AWS's documentation say of their examples. The policies are written anew from what the pages say; each case names its page. */
class PublishedPoliciesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A page's policy, and a call with what the page says of it. */
    record Case(String page, Policy policy, Request request, Policy.Decision decision) {
        @Override
        public String toString() {
            return page + ": " + request.action() + " on " + request.resource() + " is " + decision;
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = PublishedPoliciesTest.class.getResourceAsStream("/iam/published-policies.json")) {
            for (JsonNode example : JSON.readTree(in)) {
                Policy policy = Policy.parse(example.path("policy"));
                for (JsonNode call : example.path("calls")) {
                    SortedMap<String, List<String>> context = new TreeMap<>();
                    call.path("context").properties().forEach(each -> {
                        List<String> values = new ArrayList<>();
                        each.getValue().forEach(value -> values.add(value.asText()));
                        context.put(
                                each.getKey(),
                                values.isEmpty() ? List.of(each.getValue().asText()) : values);
                    });
                    cases.add(new Case(
                            example.path("page").asText(),
                            policy,
                            new Request(
                                    call.path("action").asText(),
                                    call.path("resource").asText("*"),
                                    context),
                            Policy.Decision.valueOf(call.path("decision").asText())));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_call_is_decided_as_the_page_says(Case published) {
        assertThat(Policy.decide(published.request(), published.policy())).isEqualTo(published.decision());
    }

    @Test
    void ten_pages_and_more_are_there_each_with_a_call_that_goes_through_and_one_that_does_not() throws Exception {
        List<Case> cases = cases();
        List<String> pages = cases.stream().map(Case::page).distinct().toList();

        assertThat(pages).hasSizeGreaterThanOrEqualTo(10);
        for (String page : pages) {
            assertThat(cases.stream()
                            .filter(each -> each.page().equals(page))
                            .map(Case::decision)
                            .distinct())
                    .as(page)
                    .hasSizeGreaterThan(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Effect\": \"allow\", \"Action\": \"*\", \"Resource\": \"*\"}",
                "{\"Effect\": \"Allow\", \"Resource\": \"*\"}",
                "{\"Effect\": \"Allow\", \"Action\": \"*\", \"NotAction\": \"*\", \"Resource\": \"*\"}",
                "{\"Effect\": \"Allow\", \"Action\": \"*\"}",
                "{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\", \"Conditions\": {}}"
            })
    void what_is_no_statement_is_refused(String statement) {
        assertThatIllegalArgumentException().isThrownBy(() -> Statement.parse(JSON.readTree(statement)));
    }

    @Test
    void an_operator_that_does_not_exist_is_refused_and_not_taken_for_true() throws Exception {
        Policy policy = Policy.parse(JSON.readTree("""
                {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringLikes": {"aws:username": "a"}}}}"""));
        Request request = Request.of("s3:GetObject", "*", java.util.Map.of("aws:username", "a"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.decide(request, policy))
                .withMessage("IAM has no operator StringLikes");
    }
}
