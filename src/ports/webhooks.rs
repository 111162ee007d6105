//! Endpoints that are told of events, and what is on its way to them. Secrets arrive here sealed, and leave sealed.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    id::WorkspaceId,
    time::Timestamp,
    webhooks::{Attempt, Claimed, Delivery, Endpoint, Off, Secrets, State},
};

/// The endpoints of each workspace, and deliveries. What a batch tells is written with it, by
/// [`Log::append`](super::Log::append).
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// Adds an endpoint.
    async fn add_endpoint(&self, workspace: &WorkspaceId, endpoint: &Endpoint) -> Result<(), StoreError>;
    /// Changes an endpoint's name, address and events. Answers whether it is there.
    async fn change_endpoint(&self, workspace: &WorkspaceId, endpoint: &Endpoint) -> Result<bool, StoreError>;
    /// Switches an endpoint off, when and for which reason, or on again. What still waits for one that is switched off has
    /// failed. Answers whether that was not so before.
    async fn switch_endpoint(
        &self,
        workspace: &WorkspaceId,
        id: &str,
        off: Option<(Timestamp, Off)>,
    ) -> Result<bool, StoreError>;
    /// Removes an endpoint with its deliveries. Answers whether it was there.
    async fn remove_endpoint(&self, workspace: &WorkspaceId, id: &str) -> Result<bool, StoreError>;
    /// A workspace's endpoints, the oldest first.
    async fn endpoints(&self, workspace: &WorkspaceId) -> Result<Vec<Endpoint>, StoreError>;
    /// One endpoint.
    async fn endpoint(&self, workspace: &WorkspaceId, id: &str) -> Result<Option<Endpoint>, StoreError>;
    /// Every endpoint of the installation.
    async fn every_endpoint(&self) -> Result<Vec<(WorkspaceId, Endpoint)>, StoreError>;
    /// Changes an endpoint's secrets, unless they are others than `known` by now. Answers whether they were changed.
    async fn put_secrets(
        &self,
        workspace: &WorkspaceId,
        id: &str,
        known: &Secrets,
        new: &Secrets,
    ) -> Result<bool, StoreError>;

    /// Adds a message for one endpoint, due at once. Answers whether the endpoint is there and switched on.
    async fn add_delivery(
        &self,
        workspace: &WorkspaceId,
        endpoint: &str,
        message: &str,
        event: &str,
        body: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Deliveries that are due, the oldest of each endpoint first, at most `limit` and so many that at most `each` are
    /// claimed of one endpoint. Each is claimed until `claim_until`.
    async fn claim_deliveries(
        &self,
        now: Timestamp,
        claim_until: Timestamp,
        limit: u32,
        each: u32,
    ) -> Result<Vec<Claimed>, StoreError>;
    /// Ends every claim: whoever held them is no more. For the start of the only process that works on this store.
    async fn release_deliveries(&self) -> Result<(), StoreError>;
    /// Notes an attempt and how the delivery stands since. One that no longer waits, because its endpoint was switched off
    /// meanwhile, is not made to wait again.
    async fn note_attempt(
        &self,
        claimed: &Claimed,
        attempt: &Attempt,
        state: State,
        due: Timestamp,
    ) -> Result<(), StoreError>;
    /// Sends a delivery again from the start of its pauses, if its endpoint is switched on. Answers whether it is.
    async fn send_again(
        &self,
        workspace: &WorkspaceId,
        endpoint: &str,
        id: i64,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// The deliveries to an endpoint, the newest first, those below a number, at most `limit`.
    async fn deliveries(
        &self,
        workspace: &WorkspaceId,
        endpoint: &str,
        below: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError>;
    /// Deliveries of messages that say this number, the newest first: which endpoint, which event, and when.
    async fn deliveries_about(
        &self,
        workspace: &WorkspaceId,
        number: &str,
    ) -> Result<Vec<(String, String, Timestamp)>, StoreError>;
    /// Removes a workspace's deliveries that were asked for before `before`, unless they are to be tried after that. Answers how
    /// many.
    async fn forget_deliveries(&self, workspace: &WorkspaceId, before: Timestamp) -> Result<u64, StoreError>;
}
