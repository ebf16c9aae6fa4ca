// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.contracts.Needed;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checker of the query protocol, by CloudFormation's published model: it lets good requests and answers through, and refuses wrong ones by what is wrong. */
class QueryModelTest {
    private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";
    private static ServiceModel model;

    @BeforeAll
    static void read() {
        model = ServiceModel.ofBotocore("cloudformation")
                .orElseThrow(() -> Needed.missing("botocore is not here; pip install 'moto[server]' brings it"));
    }

    private static WireRequest request(String line, String type, String body) {
        Map<String, String> headers = new TreeMap<>(Map.of(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AKID/20261123/eu-west-1/cloudformation/aws4_request, …",
                "content-type",
                type));
        String[] parts = line.split(" ");
        return WireRequest.of(parts[0], parts[1], headers, body.getBytes(UTF_8));
    }

    private static WireRequest form(String body) {
        return request("POST /", FORM, body + "&Version=2010-05-15");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "Action=CreateStack&StackName=shop-ci&TemplateURL=https%3A%2F%2Fb.s3.amazonaws.com%2Fk&Capabilities.member.1=CAPABILITY_NAMED_IAM&Tags.member.1.Key=a&Tags.member.1.Value=b",
                "Action=DescribeStacks&StackName=shop-ci",
                "Action=DeleteStack&StackName=shop-ci&ClientRequestToken=0-1",
                "Action=GetTemplate&StackName=shop-ci&TemplateStage=Original"
            })
    void a_right_request_is_let_through(String body) {
        assertThat(model.request(form(body))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "Action=CreateStack&TemplateURL=u | CreateStack.StackName: is missing",
                "Action=CreateStack&StackName=s&Template=u | CreateStack.Template: is unknown",
                "Action=CreateStack&StackName=s&TemplateURL= | CreateStack.TemplateURL: has a length of 0",
                "Action=CreateStack&StackName=s&Capabilities.member.1=ALL | is 'ALL' and none of",
                "Action=CreateStack&StackName=s&Capabilities.1=CAPABILITY_IAM | CreateStack.Capabilities: is no list",
                "Action=CreateStack&StackName=s&Capabilities.member.2=CAPABILITY_IAM | CreateStack.Capabilities: is no list",
                "Action=CreateStack&StackName=s&Tags.member.1.Key=a | Tags[0].Value: is missing",
                "Action=CreateStack&StackName=s&Tags.member.1.Key=&Tags.member.1.Value=b | Tags[0].Key: has a length of 0",
                "Action=CreateStack&StackName=s&DisableRollback=yes | CreateStack.DisableRollback: is no boolean",
                "Action=CreateStack&StackName=s&TimeoutInMinutes=ten | CreateStack.TimeoutInMinutes: is no whole number",
                "Action=CreateStack&StackName=s&TimeoutInMinutes=0 | CreateStack.TimeoutInMinutes: is 0, not 1",
                "Action=CreateStack&StackName=s&ClientRequestToken=a%20b | ClientRequestToken: 'a b' does not match",
                "Action=GetTemplate&StackName=s&TemplateStage=Raw | is 'Raw' and none of",
                "Action=MakeStack&StackName=s | no operation of this service",
                "StackName=s | no operation of this service"
            })
    void a_wrong_request_is_refused_by_what_is_wrong(String body, String reason) {
        assertThat(model.request(form(body)))
                .anySatisfy(problem -> assertThat(problem).contains(reason));
    }

    @Test
    void what_is_no_form_or_goes_elsewhere_is_refused() {
        String body = "Action=DescribeStacks";

        assertThat(model.request(request("POST /", "application/json", body)))
                .containsExactly("content-type: is no form");
        assertThat(model.request(request("POST /stacks", FORM, body)))
                .containsExactly("DescribeStacks: is a POST to /");
    }

    private static WireAnswer answer(int status, String xml) {
        return new WireAnswer(status, new TreeMap<>(), xml.getBytes(UTF_8));
    }

    @Test
    void a_wrong_answer_is_refused_and_a_right_one_is_not() {
        WireRequest request = form("Action=CreateStack&StackName=s&TemplateURL=u");

        assertThat(
                        model.answer(
                                request,
                                answer(
                                        200,
                                        "<CreateStackResponse><CreateStackResult><StackId>arn</StackId></CreateStackResult></CreateStackResponse>")))
                .isEmpty();
        assertThat(model.answer(request, answer(200, "<CreateStackResponse/>")))
                .containsExactly("CreateStack: has no CreateStackResult");
        assertThat(
                        model.answer(
                                request,
                                answer(
                                        200,
                                        "<CreateStackResponse><CreateStackResult><Id>arn</Id></CreateStackResult></CreateStackResponse>")))
                .containsExactly("CreateStack.Id: is unknown");
        assertThat(model.answer(
                        request, answer(400, "<ErrorResponse><Error><Code>NoSuchThing</Code></Error></ErrorResponse>")))
                .singleElement()
                .asString()
                .contains("answers no error 'NoSuchThing'");
        assertThat(model.answer(
                        request,
                        answer(
                                400,
                                "<ErrorResponse><Error><Code>AlreadyExistsException</Code></Error></ErrorResponse>")))
                .isEmpty();
    }
}
