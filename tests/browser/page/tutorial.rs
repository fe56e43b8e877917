//! A tutorial's exercise, typed line by line as it stands there.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::visit::Visit;

const CREATE: &str = r#"docker exec -it local-kafka kafka-topics --create \
  --bootstrap-server kafka:9093 \
  --topic json-messages \
  --partitions 3 \
  --replication-factor 1"#;

const PRODUCE: &str = r#"docker exec -it local-kafka kafka-console-producer \
  --bootstrap-server kafka:9093 \
  --topic json-messages \
  --property "parse.key=true" \
  --property "key.separator=:""#;

const RECORDS: [&str; 5] = [
    r#"user_001:{"action":"message_created","user_id":"user_001","content":"Hello from user 1","timestamp":"2025-10-14T10:00:00Z"}"#,
    r#"user_002:{"action":"message_updated","user_id":"user_002","content":"Updated message","timestamp":"2025-10-14T10:01:00Z"}"#,
    r#"user_003:{"action":"message_deleted","user_id":"user_003","message_id":"msg_123","timestamp":"2025-10-14T10:02:00Z"}"#,
    r#"project_100:{"action":"project_created","project_id":"project_100","name":"New Project","timestamp":"2025-10-14T10:03:00Z"}"#,
    r#"task_200:{"action":"task_assigned","task_id":"task_200","assignee":"user_001","priority":"high","timestamp":"2025-10-14T10:04:00Z"}"#,
];

const CONSUME: &str = r#"docker exec -it local-kafka kafka-console-consumer \
  --bootstrap-server kafka:9093 \
  --topic json-messages \
  --from-beginning \
  --property "print.key=true" \
  --property "key.separator= => ""#;

#[wasm_bindgen_test]
async fn five_json_records_reach_their_partitions_and_a_consumer() {
    let visit = Visit::begin().await;
    visit.types(1, CREATE).await;
    visit.until_true("the topic", |visit| visit.printed(1) == ["Created topic json-messages."]).await;
    visit.types(1, PRODUCE).await;
    visit.until_at(1, ">").await;
    visit.types(1, &RECORDS.join("\n")).await;

    let keys = |visit: &Visit, partition: u32| -> Vec<String> {
        let cells = visit.cells(partition);
        cells.iter().filter_map(|cell| Some(cell.split(" · ").nth(1)?.to_owned())).collect()
    };
    visit
        .until_true("five records in three lanes", |visit| {
            keys(visit, 0) == ["project_100"]
                && keys(visit, 1) == ["user_003", "task_200"]
                && keys(visit, 2) == ["user_001", "user_002"]
        })
        .await;

    visit.types(2, CONSUME).await;
    let printed = visit
        .until("five printed records", |visit| {
            let printed: Vec<_> = visit.printed(2).into_iter().filter(|line| line.contains(" => ")).collect();
            (printed.len() == RECORDS.len()).then_some(printed)
        })
        .await;
    let expected: Vec<String> =
        [3, 0, 1, 2, 4].map(|index: usize| RECORDS[index].replacen(':', " => ", 1)).into();
    assert_eq!(printed, expected);
}
