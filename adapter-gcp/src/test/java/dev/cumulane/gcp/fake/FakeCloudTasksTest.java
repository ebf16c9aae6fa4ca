// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.MovedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fake refuses, by the published definition and by what the service's documentation says beyond it. */
final class FakeCloudTasksTest {
    private static final String QUEUE = "projects/test-project/locations/europe-west1/queues/q-1";
    private static final String PATH = "/v2/" + QUEUE + "/tasks";
    private static final String RIGHT =
            "{'task':{'name':'" + QUEUE + "/tasks/s-1','scheduleTime':'2026-11-23T09:00:00Z',"
                    + "'httpRequest':{'httpMethod':'POST','url':'https://example.com/','body':'AQ==','headers':{'a':'b'},"
                    + "'oauthToken':{'serviceAccountEmail':'a@b.iam.gserviceaccount.com'}}}}";

    private final FakeCloudTasks tasks = new FakeCloudTasks(new MovedClock()).create(QUEUE);

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void a_right_request_makes_a_task_once() {
        assertThat(Posted.to(tasks, PATH, RIGHT)).isEqualTo(200);
        assertThat(Posted.to(tasks, PATH, RIGHT)).isEqualTo(409);

        assertThat(tasks.waiting()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'task':{          | 'job':{                                             | 400",
                "'name'            | 'title'                                             | 400",
                "'scheduleTime'    | 'schedule'                                          | 400",
                "2026-11-23T09     | 2026-11-23 09                                       | 400",
                "2026-11-23T09     | 2027-11-23T09                                       | 400",
                "'httpMethod':'POST' | 'httpMethod':'SEND'                               | 400",
                "'httpMethod':'POST' | 'httpMethod':'GET'                                | 400",
                "'url':'https://example.com/' | 'url':'ftp://example.com/'               | 400",
                "'url':'https://example.com/', | ~~                                      | 400",
                "'AQ=='            | '?'                                                 | 400",
                "'AQ=='            | 7.5                                                 | 400",
                "a@b.iam.gserviceaccount.com | ada@example.com                           | 400",
                "{'a':'b'}         | ['a']                                               | 400",
                "/tasks/s-1        | /tasks/s 1                                          | 400",
                "queues/q-1/tasks  | queues/q-2/tasks                                    | 400",
                "'oauthToken'      | 'token'                                             | 400"
            })
    void a_wrong_request_is_refused(String right, String wrong, int status) {
        assertThat(RIGHT).contains(right);

        assertThat(Posted.to(tasks, PATH, RIGHT.replace(right, wrong))).isEqualTo(status);

        assertThat(tasks.waiting()).isEmpty();
    }

    @Test
    void another_path_another_queue_and_unknown_parameters_are_refused() {
        assertThat(Posted.to(tasks, "/v2/projects/p/tasks", RIGHT)).isEqualTo(404);
        assertThat(Posted.to(tasks, PATH.replace("q-1", "q-2"), RIGHT)).isEqualTo(404);
        assertThat(Posted.to(tasks, PATH + ":run", RIGHT)).isEqualTo(404);
        assertThat(Posted.to(tasks, PATH + "?force=true", RIGHT)).isEqualTo(400);
        assertThat(Posted.to(tasks, PATH, "")).isEqualTo(400);
    }
}
