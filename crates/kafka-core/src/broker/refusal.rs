//! How group requests are answered when they are refused as a whole.
//!
//! Mirrors `AbstractRequest.getErrorResponse`.

use crate::protocol::{
    ConsumerGroupHeartbeatResponse, ErrorCode, HeartbeatResponse, JoinGroupResponse, LeaveGroupResponse,
    OffsetCommitResponse, OffsetFetchResponse, Request, Response, SyncGroupResponse, TxnOffsetCommitResponse,
};

/// A group request's answer when the whole request is refused.
pub(super) fn refusal(request: Request, error: ErrorCode) -> Response {
    match request {
        Request::JoinGroup(request) => {
            Response::JoinGroup(JoinGroupResponse { member_id: request.member_id, outcome: Err(error) })
        }
        Request::SyncGroup(_) => Response::SyncGroup(SyncGroupResponse { assignment: Err(error) }),
        Request::Heartbeat(_) => Response::Heartbeat(HeartbeatResponse { outcome: Err(error) }),
        Request::LeaveGroup(_) => Response::LeaveGroup(LeaveGroupResponse { outcome: Err(error) }),
        Request::OffsetCommit(request) => Response::OffsetCommit(OffsetCommitResponse {
            partitions: request.offsets.into_iter().map(|(partition, _)| (partition, Err(error))).collect(),
        }),
        Request::TxnOffsetCommit(request) => Response::TxnOffsetCommit(TxnOffsetCommitResponse {
            partitions: request.offsets.into_iter().map(|(partition, _)| (partition, Err(error))).collect(),
        }),
        Request::OffsetFetch(_) => Response::OffsetFetch(OffsetFetchResponse { outcome: Err(error) }),
        Request::ConsumerGroupHeartbeat(_) => {
            Response::ConsumerGroupHeartbeat(ConsumerGroupHeartbeatResponse { outcome: Err(error) })
        }
        Request::Metadata(_)
        | Request::Produce(_)
        | Request::Fetch(_)
        | Request::ListOffsets(_)
        | Request::InitProducerId(_)
        | Request::AddPartitionsToTxn(_)
        | Request::EndTxn(_)
        | Request::WriteTxnMarkers(_)
        | Request::FindCoordinator(_) => unreachable!("{request:?} is not for a group"),
    }
}

/// Takes back an answer that was not sent yet.
pub(super) fn refuse(response: Response, error: ErrorCode) -> Response {
    match response {
        Response::JoinGroup(response) => {
            Response::JoinGroup(JoinGroupResponse { outcome: Err(error), ..response })
        }
        Response::SyncGroup(_) => Response::SyncGroup(SyncGroupResponse { assignment: Err(error) }),
        Response::Heartbeat(_) => Response::Heartbeat(HeartbeatResponse { outcome: Err(error) }),
        Response::LeaveGroup(_) => Response::LeaveGroup(LeaveGroupResponse { outcome: Err(error) }),
        Response::OffsetCommit(response) => Response::OffsetCommit(OffsetCommitResponse {
            partitions: response
                .partitions
                .into_iter()
                .map(|(partition, _)| (partition, Err(error)))
                .collect(),
        }),
        Response::TxnOffsetCommit(response) => Response::TxnOffsetCommit(TxnOffsetCommitResponse {
            partitions: response
                .partitions
                .into_iter()
                .map(|(partition, _)| (partition, Err(error)))
                .collect(),
        }),
        Response::OffsetFetch(_) => Response::OffsetFetch(OffsetFetchResponse { outcome: Err(error) }),
        Response::ConsumerGroupHeartbeat(_) => {
            Response::ConsumerGroupHeartbeat(ConsumerGroupHeartbeatResponse { outcome: Err(error) })
        }
        Response::Metadata(_)
        | Response::Produce(_)
        | Response::Fetch(_)
        | Response::ListOffsets(_)
        | Response::InitProducerId(_)
        | Response::AddPartitionsToTxn(_)
        | Response::EndTxn(_)
        | Response::WriteTxnMarkers(_)
        | Response::FindCoordinator(_) => unreachable!("{response:?} is not for a group"),
    }
}
