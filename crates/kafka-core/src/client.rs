//! A client process: a producer or a consumer.

use std::rc::Rc;

use crate::application::{Application, ConsumerCall};
use crate::command::{CommandError, ProducerRecord, Source};
use crate::config::{ConsumerConfig, ProducerConfig};
use crate::consumer::Consumer;
use crate::node::{Context, Timer};
use crate::producer::{Producer, ProducerCall};
use crate::protocol::{BrokerId, ClientId, CorrelationId, NodeId, Response};

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Client {
    Producer(Box<Producer>),
    Consumer(Box<Consumer>),
}

impl Client {
    pub(crate) fn producer(id: ClientId, config: ProducerConfig, context: &mut Context<'_>) -> Self {
        Self::Producer(Box::new(Producer::start(id, config, context)))
    }

    pub(crate) fn consumer(
        id: ClientId,
        config: ConsumerConfig,
        source: &Source,
        application: Application,
        context: &mut Context<'_>,
    ) -> Self {
        Self::Consumer(Box::new(Consumer::start(id, config, source, application, context)))
    }

    /// Closed, and everything that closing waits for is done.
    pub(crate) fn has_ended(&self) -> bool {
        match self {
            Self::Producer(producer) => producer.has_ended(),
            Self::Consumer(consumer) => consumer.has_ended(),
        }
    }

    pub(crate) fn send(&mut self, record: &ProducerRecord, context: &mut Context<'_>) {
        match self {
            Self::Producer(producer) => producer.send(record.clone(), context),
            Self::Consumer(_) => unreachable!("a consumer does not send"),
        }
    }

    pub(crate) fn transact(&mut self, call: ProducerCall, context: &mut Context<'_>) {
        match self {
            Self::Producer(producer) => producer.call(call, context),
            Self::Consumer(_) => unreachable!("a consumer has no {call:?}"),
        }
    }

    /// What a call throws at once.
    pub(crate) fn check_call(&self, call: &ConsumerCall) -> Result<(), CommandError> {
        match self {
            Self::Consumer(consumer) => consumer.check_call(call),
            Self::Producer(_) => unreachable!("a producer has no {call:?}"),
        }
    }

    pub(crate) fn call(&mut self, call: ConsumerCall, context: &mut Context<'_>) {
        match self {
            Self::Consumer(consumer) => consumer.call(call, context),
            Self::Producer(_) => unreachable!("a producer has no {call:?}"),
        }
    }

    pub(crate) fn close(&mut self, context: &mut Context<'_>) {
        match self {
            Self::Producer(producer) => producer.close(context),
            Self::Consumer(consumer) => consumer.close(context),
        }
    }

    pub(crate) fn on_response(
        &mut self,
        from: NodeId,
        correlation_id: CorrelationId,
        response: Response,
        context: &mut Context<'_>,
    ) {
        let NodeId::Broker(broker) = from else { unreachable!("only brokers answer") };
        match self {
            Self::Producer(producer) => producer.on_response(broker, correlation_id, response, context),
            Self::Consumer(consumer) => consumer.on_response(broker, correlation_id, response, context),
        }
    }

    /// The connection to a broker is closed, or could not be opened.
    pub(crate) fn on_disconnected(&mut self, broker: BrokerId, context: &mut Context<'_>) {
        match self {
            Self::Producer(producer) => producer.on_disconnected(broker, context),
            Self::Consumer(consumer) => consumer.on_disconnected(broker, context),
        }
    }

    pub(crate) fn on_timer(&mut self, timer: &Timer, context: &mut Context<'_>) {
        match self {
            Self::Producer(producer) => producer.on_timer(timer, context),
            Self::Consumer(consumer) => consumer.on_timer(timer, context),
        }
    }
}

/// Clients have the addresses that a small Docker network would give them.
pub(crate) fn client_host(client: ClientId) -> Rc<str> {
    format!("/172.18.{}.{}", client.0 / 200, 10 + client.0 % 200).into()
}
